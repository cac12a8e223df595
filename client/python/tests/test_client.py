"""The SDK against a real service: sync and async, paging, session renewal."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from client.python.tests.conftest import PASSWORD, Account, Media

from media_client import (
    AsyncMediaClient,
    MediaClient,
    OrderDirection,
    Source,
    UploadFilter,
    UploadOrderField,
    operations,
)
from media_client.cli.configuration import Configuration, Directories
from media_client.errors import (
    InvalidCredentials,
    InvalidInput,
    NetworkError,
    NotSignedIn,
    QuotaExceeded,
    ResponseTooLarge,
    Stopped,
    Unauthenticated,
    UploadIncomplete,
    UploadNotFound,
    UserError,
    UsernameTaken,
)
from media_client.models import Ticket
from media_client.operations import UploadChange, UploadRequest
from media_client.tokens import MemoryStore

UNKNOWN_ID = "01a20c22-cb73-7ce2-b9a0-3fa5d91e2548"


def test_sign_in_methods_need_no_token(account: Account) -> None:
    with MediaClient(account.url) as client:
        methods = client.sign_in_methods()
    assert (methods.passwords, methods.sign_up, methods.issuers) == (True, True, ())


def test_batches_are_divided_if_the_response_has_no_room(account: Account) -> None:
    """All parts of a large file are many URLs. The service tells how many files fit."""
    requests = [
        UploadRequest(f"{n}.bin", "text/plain", 1024**3, client_token=uuid.uuid4().hex)
        for n in range(18)
    ]
    with account.client() as client:
        with pytest.raises(ResponseTooLarge) as refused:
            client.api.run(operations.request_uploads(requests, with_parts=True))
        assert 1 < refused.value.max_files < 18
        tickets = client.request_uploads(requests)
        uploads = [ticket.upload for ticket in tickets if isinstance(ticket, Ticket)]
        assert [upload.filename for upload in uploads] == [request.filename for request in requests]
        for upload in uploads:
            assert upload.transfer
            assert len(upload.transfer.parts) == 32
            client.cancel_upload(upload.id)


def test_a_file_that_does_not_fit_alone_is_an_error(account: Account) -> None:
    request = UploadRequest("a", "text/plain", 1, tags=[str(n) * 90 for n in range(50)])
    document = operations.request_uploads([request] * 2, with_parts=False)
    aliases = " ".join(f"a{n}: tags" for n in range(80))
    crowded = replace(document, document=document.document.replace("tags", f"tags {aliases}"))
    with account.client() as client, pytest.raises(ResponseTooLarge) as refused:
        client.api.run_in_batches(lambda _batch: crowded, [request] * 2)
    assert refused.value.max_files == 0


def test_batches_of_any_size_are_sent_a_hundred_at_a_time(account: Account, media: Media) -> None:
    with account.client() as client:
        upload = client.upload_file(media.write("a.txt"))
        ids = [upload.id, *["x"] * 150]
        changes = [UploadChange(upload_id, filename="b.txt") for upload_id in ids]
        for outcomes in (
            client.update_uploads(changes),
            client.trash_uploads(ids),
            client.restore_uploads(ids),
            client.delete_uploads(ids),
        ):
            assert len(outcomes) == 151
            assert {type(it) for it in outcomes[1:]} == {UploadNotFound}
            assert not isinstance(outcomes[0], UserError)
        assert client.find_upload(upload.id) is None


def test_errors_mirror_those_of_the_service(account: Account) -> None:
    with MediaClient(account.url) as stranger:
        with pytest.raises(NotSignedIn):
            stranger.viewer()
        with pytest.raises(InvalidCredentials):
            stranger.login(account.username, "wrong password")
        with pytest.raises(UsernameTaken):
            stranger.sign_up(account.username, PASSWORD)
        with pytest.raises(InvalidInput) as invalid:
            stranger.sign_up("x", "short")
        assert {tuple(field.path) for field in invalid.value.fields} == {
            ("username",),
            ("password",),
        }
    with MediaClient(account.url, token="mus_nonsense") as unknown:
        assert unknown.viewer() is None
        calls = (
            *(unknown.api_keys, unknown.sessions),
            lambda: next(unknown.uploads()),
            lambda: unknown.find_upload(UNKNOWN_ID),
            lambda: unknown.revoke_api_key(UNKNOWN_ID),
        )
        for call in calls:
            with pytest.raises(Unauthenticated):
                call()
    with account.client() as client:
        with pytest.raises(UploadNotFound):
            client.get_upload(UNKNOWN_ID)
        ticket = client.request_upload(UploadRequest("a", "text/plain", 5))
        with pytest.raises(UploadIncomplete) as incomplete:
            client.complete_upload(ticket.upload.id)
        assert incomplete.value.missing_parts == (1,)
        assert client.cancel_upload(ticket.upload.id).status == "CANCELLED"
    with MediaClient("http://127.0.0.1:9") as nowhere, pytest.raises(NetworkError):
        nowhere.sign_up("somebody", PASSWORD)
    assert QuotaExceeded.CODE == "QUOTA_EXCEEDED"


def test_uploads_are_listed_across_pages(media: Media, tag: str) -> None:
    sources = [Source.at(media.write(f"{number:03}"), tags=[tag]) for number in range(120)]
    with media.account.client() as client:
        outcomes = client.upload_all(sources)
        assert all(outcome.upload for outcome in outcomes)
        by_name = client.uploads(
            UploadFilter(tags=[tag]),
            order_by=UploadOrderField.FILENAME,
            direction=OrderDirection.ASC,
        )
        assert [upload.filename for upload in by_name] == [f"{number:03}" for number in range(120)]
        assert len(list(client.uploads(UploadFilter(tags=[tag]), limit=101))) == 101
        assert client.uploads_page(UploadFilter(tags=[tag]), first=1).total == 120
        with pytest.raises(ValueError, match="NAME"):
            client.uploads_page(order_by="NAME")  # type: ignore[arg-type]


async def test_async_client(media: Media, tag: str) -> None:
    path = media.write("a.txt", 1000)
    async with AsyncMediaClient(media.account.url, token=media.account.token) as client:
        uploads = await asyncio.gather(
            *(client.upload_file(path, filename=f"{n}.txt", tags=[tag]) for n in range(5))
        )
        listed = [upload async for upload in client.uploads(UploadFilter(tags=[tag]))]
        assert {upload.id for upload in uploads} == {upload.id for upload in listed}
        target = await client.download_file(uploads[0].id, media.home / "down.txt")
        assert target.read_bytes() == path.read_bytes()
        with pytest.raises(UploadNotFound):
            await client.get_upload(UNKNOWN_ID)


def test_a_transfer_stops_when_the_event_is_set(media: Media) -> None:
    stop = threading.Event()
    stop.set()
    with media.account.client() as client, pytest.raises(Stopped):
        client.upload_file(media.write("a.txt"), stop=stop)


# ---------------------------------------------------------------- sessions


class _Counting(MemoryStore):
    saved = 0

    def save(self, tokens: object) -> None:
        self.saved += 1
        super().save(tokens)  # type: ignore[arg-type]


def _expire(store: MemoryStore) -> None:
    tokens = store.load()
    assert tokens
    store.save(replace(tokens, expires_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_many_threads_renew_once(account: Account) -> None:
    store = _Counting()
    with MediaClient(account.url, store=store) as client:
        client.login(account.username, PASSWORD)
    _expire(store)
    store.saved = 0
    with MediaClient(account.url, store=store) as client, ThreadPoolExecutor(8) as threads:
        viewers = list(threads.map(lambda _: client.viewer(), range(8)))
    assert {viewer and viewer.username for viewer in viewers} == {account.username}
    assert store.saved == 1


def test_many_processes_renew_once_and_keep_the_session(media: Media, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="")
    media("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    store = Configuration(Directories(media.environment)).session(f"{account.url}/graphql")
    before = store.load()
    assert before
    store.save(replace(before, expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    processes = [media.start("whoami") for _ in range(4)]
    for process in processes:
        stdout, stderr = process.communicate(timeout=60)
        assert process.returncode == 0, stderr
        assert account.username in stdout
    after = store.load()
    assert after
    assert after.refresh_token != before.refresh_token
    assert media("whoami").returncode == 0


def test_a_session_that_was_ended_elsewhere(media: Media, account: Account) -> None:
    media.environment.update(MEDIA_TOKEN="")
    media("login", "-u", account.username, "--password-stdin", stdin=PASSWORD)
    store = Configuration(Directories(media.environment)).session(f"{account.url}/graphql")
    tokens = store.load()
    assert tokens
    with MediaClient(account.url, token=tokens.access_token) as client:
        client.logout()
    result = media("ls")
    assert result.returncode == 3
    assert "Run `media login` again." in result.stderr


# ---------------------------------------------------------------- the documentation


def test_the_examples_of_the_readme(account: Account, tmp_path: Path) -> None:
    """All Python blocks, joined in order, run as one program."""
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    blocks = [part.split("```")[0] for part in readme.split("```python\n")[1:]]
    assert len(blocks) >= 3
    (tmp_path / "holiday.mp4").write_bytes(b"film" * 1000)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/a.jpg").write_bytes(b"photo")
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env={"MEDIA_URL": account.url, "MEDIA_TOKEN": account.token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "holiday.mp4" in result.stdout
