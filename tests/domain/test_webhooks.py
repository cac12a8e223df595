"""Secrets, events, and what is sent about an upload."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from gql_api.domain.errors import InvalidWebhook
from gql_api.domain.media import Media
from gql_api.domain.processing import Processing, ProcessingStatus
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, UploadStatus
from gql_api.domain.webhook_payloads import event_payload, trial_payload
from gql_api.domain.webhooks import SigningSecret, new_secret, parse_events, type_name
from tests.upload_records import NOW, an_upload
from tests.webhook_records import a_webhook, an_event

DAY = timedelta(days=1)


def test_a_secret_has_the_form_of_the_specification() -> None:
    """24 to 64 random bytes in Base64, after `whsec_`."""
    first, second = new_secret().text, new_secret().text
    assert first != second
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32


def test_no_secret_is_shown() -> None:
    webhook = a_webhook()
    assert webhook.secrets[0].text not in repr(webhook)


def test_at_most_two_secrets_sign_at_a_time() -> None:
    webhook = a_webhook()
    [first] = webhook.signing(NOW)
    second, third = SigningSecret("whsec_second"), SigningSecret("whsec_third")
    rotated = webhook.rotated(second, NOW + DAY)
    assert rotated.signing(NOW) == [second.text, first]
    assert rotated.signing(NOW + DAY) == [second.text]
    again = rotated.rotated(third, NOW + 2 * DAY)
    assert again.signing(NOW) == [third.text, second.text]
    assert again.signing(NOW + 2 * DAY) == [third.text]


def test_a_rotation_without_overlap_ends_the_old_secret_at_once() -> None:
    rotated = a_webhook().rotated(SigningSecret("whsec_second"), NOW)
    assert rotated.signing(NOW) == ["whsec_second"]


def test_events_have_names() -> None:
    every = parse_events(["*"])
    assert every == set(UploadEventType)
    assert parse_events([type_name(it) for it in every]) == every
    assert parse_events(["upload.stored"]) == {UploadEventType.STORED}
    assert parse_events(["upload.stored", "*"]) == every


@pytest.mark.parametrize("names", [["stored"], ["upload.stored", "upload.STORED"], []])
def test_other_names_are_refused(names: list[str]) -> None:
    with pytest.raises(InvalidWebhook, match=r"upload\.stored"):
        parse_events(names)


def test_a_payload_says_what_the_api_says() -> None:
    media = Media(width=2, height=1, captured_at=datetime(2020, 1, 31, tzinfo=UTC))
    upload = an_upload(status=UploadStatus.TRASHED, tags=("a", "b"))._replace(
        checksum=Checksum(ChecksumAlgorithm.CRC64NVME, "AAAAAAAAAAA="),
        stored_at=NOW,
        trashed_at=NOW + DAY,
        processing=Processing(ProcessingStatus.DONE, media=media),
    )
    event = an_event(upload, 7, UploadEventType.TRASHED, NOW + DAY)
    payload = json.loads(event_payload(event, "user-42"))
    assert payload == {
        "type": "upload.trashed",
        "timestamp": "2030-02-01T12:00:00.123Z",
        "data": {
            "owner": {"id": upload.owner_id, "externalId": "user-42"},
            "upload": {
                "id": upload.id,
                "version": 7,
                "filename": "photo.jpg",
                "contentType": "image/jpeg",
                "size": 1000,
                "checksum": {"algorithm": "CRC64NVME", "value": "AAAAAAAAAAA="},
                "tags": ["a", "b"],
                "status": "STORED",
                "statusReason": None,
                "createdAt": "2030-01-31T12:00:00.123Z",
                "storedAt": "2030-01-31T12:00:00.123Z",
                "trashedAt": "2030-02-01T12:00:00.123Z",
                "processing": "DONE",
                "media": {
                    "width": 2,
                    "height": 1,
                    "durationSeconds": None,
                    "frameRate": None,
                    "videoCodec": None,
                    "audioCodec": None,
                    "pages": None,
                    "thumbhash": None,
                    "capturedAt": "2020-01-31T00:00:00+00:00",
                    "camera": None,
                    "hasLocation": False,
                },
            },
        },
    }


@pytest.mark.parametrize("kind", [UploadEventType.DELETED, UploadEventType.STORED])
def test_a_deleted_upload_is_named_by_its_id_alone(kind: UploadEventType) -> None:
    """Also in an event of something that happened before."""
    event = an_event(an_upload(status=UploadStatus.DELETED), 9, kind)
    payload = json.loads(event_payload(event, None))
    upload = {"id": event.upload.id, "version": 9, "status": "DELETED"}
    owner = {"id": event.upload.owner_id, "externalId": None}
    assert payload["data"] == {"upload": upload, "owner": owner}


def test_the_largest_payload_is_small() -> None:
    """The specification recommends less than 20 kB; names in other scripts are escaped."""
    tags = tuple("\U0001f600" * 99 + chr(97 + number % 26) for number in range(50))
    upload = an_upload(filename="\U0001f600" * 255, tags=tags)
    assert len(event_payload(an_event(upload), "x" * 255)) < 80_000


def test_a_trial_has_a_type_of_its_own() -> None:
    payload = json.loads(trial_payload("w", NOW))
    assert payload["type"] == "webhook.test"
    assert payload["data"] == {"webhook": {"id": "w"}}
