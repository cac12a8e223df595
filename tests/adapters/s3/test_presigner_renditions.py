"""Signed URLs of renditions: the same for an hour, and never longer than the credentials."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from gql_api.adapters.s3.presigner import CredentialsExpired
from gql_api.domain.presigner import PresignedRequest, Presigner
from tests.adapters.s3.test_presigner import accepts, presigner, query, sent
from tests.adapters.s3.test_presigner_botocore import (
    Place,
    botocore_url,
    instants,
    places,
    proof,
    texts,
)
from tests.adapters.s3.test_presigner_botocore import presigner as presigner_at

HOUR = datetime(2030, 5, 17, 12, tzinfo=UTC)
IN_IT = [timedelta(0), timedelta(minutes=1), timedelta(minutes=59, seconds=59, milliseconds=999)]
CACHED = "private, max-age=3600, immutable"


def rendition(signing: Presigner, at: datetime = HOUR) -> PresignedRequest:
    return signing.get_rendition("renditions/o/u/e/thumbnail.webp", "image/webp", at=at)


@given(places, texts, instants)
@proof
def test_a_rendition_equals_botocore_at_the_start_of_the_hour(
    place: Place, key: str, at: datetime
) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    ours = presigner_at(place).get_rendition(key, "image/webp", at=at)
    assert ours.url == botocore_url(
        place,
        hour,
        7200,
        "get_object",
        Key=key,
        ResponseCacheControl=CACHED,
        ResponseContentType="image/webp",
    )
    assert (ours.method, ours.headers) == ("GET", ())


def test_s3_accepts_it_until_it_expires() -> None:
    request = rendition(presigner(), HOUR + timedelta(minutes=59))
    for seconds, accepted in ((0, True), (7200, True), (7201, False)):
        at = HOUR + timedelta(seconds=seconds)
        assert accepts("GET", request.url, sent(request, None), at) is accepted
    assert request.expires_at == HOUR + timedelta(seconds=7200)
    asked = query(request.url)
    assert asked["response-cache-control"] == CACHED
    assert asked["response-content-type"] == "image/webp"


def test_the_url_is_the_same_for_an_hour_and_another_one_in_the_next() -> None:
    urls = [rendition(presigner(), HOUR + later).url for later in IN_IT]
    assert len(set(urls)) == 1
    assert rendition(presigner(), HOUR + timedelta(hours=1)).url not in urls


@pytest.mark.parametrize("later", IN_IT)
def test_it_is_valid_for_at_least_an_hour(later: timedelta) -> None:
    at = HOUR + later
    assert rendition(presigner(), at).expires_at - at >= timedelta(hours=1)
    known = presigner(session_token="t", credentials_expire_at=HOUR + timedelta(days=1))
    assert rendition(known, at).expires_at - at >= timedelta(hours=1)


@pytest.mark.parametrize("hours", [-7, 5.5, 5.75, 14])
def test_hours_are_those_of_utc(hours: float) -> None:
    at = HOUR + timedelta(minutes=20)
    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert rendition(presigner(), elsewhere) == rendition(presigner(), at)


def test_a_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        rendition(presigner(), datetime(2030, 1, 1))


# ------------------------------------------------------------------ credentials


def test_it_expires_with_the_credentials() -> None:
    at = HOUR + timedelta(minutes=10)
    end = HOUR + timedelta(minutes=40, microseconds=5)
    signing = presigner(session_token="t", credentials_expire_at=end)
    assert rendition(signing, at).expires_at == HOUR + timedelta(minutes=40)
    same = rendition(signing, at + timedelta(minutes=5))
    assert same.url == rendition(signing, at).url, "the URL does not depend on what is left"


def test_a_session_of_unknown_length_is_trusted_for_its_seconds() -> None:
    at = HOUR + timedelta(minutes=10)
    signing = presigner(session_token="t", session_token_seconds=900)
    assert rendition(signing, at).expires_at == at + timedelta(seconds=900)
    long = presigner(session_token="t", session_token_seconds=86_400)
    assert rendition(long, at).expires_at == HOUR + timedelta(hours=2)
    assert rendition(signing, at).url == rendition(long, at).url


@pytest.mark.parametrize("left", [timedelta(days=-1), timedelta(0), timedelta(milliseconds=999)])
def test_expired_credentials_sign_no_rendition(left: timedelta) -> None:
    at = HOUR + timedelta(minutes=10)
    with pytest.raises(CredentialsExpired, match="valid until 2030-05-1"):
        rendition(presigner(credentials_expire_at=at + left), at)


def test_other_credentials_sign_another_url() -> None:
    assert rendition(presigner()).url != rendition(presigner(session_token="t")).url
