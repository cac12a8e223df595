"""The feed of changes in the SDK, sync and async, and through a service that allows small pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
from client.python.tests.conftest import Account, sign_up
from client.python.tests.in_process import InProcess

from media_client import AsyncMediaClient, ChangedUpload, ChangesPage
from media_client.cli.changes import Feed, shown
from media_client.errors import ApiError


@pytest.fixture
def newcomer(account: Account) -> Account:
    """A user without uploads."""
    return sign_up(account.url)


def known(pages: list[ChangesPage]) -> dict[str, tuple[int, str | None]]:
    """Return the version and the name of each upload, as a program that mirrors them does."""
    return {
        change.id: (change.version, change.upload.filename if change.upload else None)
        for page in pages
        for change in page.changes
    }


def test_a_program_learns_of_every_change(newcomer: Account) -> None:
    with newcomer.client() as client:
        assert [page.end_cursor for page in client.changes()] == [None]
        first = client.upload_file(b"first", filename="first.txt")
        second = client.upload_file(b"second", filename="second.txt")
        pages = list(client.changes())
        assert known(pages) == {first.id: (2, "first.txt"), second.id: (2, "second.txt")}
        cursor = pages[-1].end_cursor
        client.update_upload(first.id, filename="new.txt")
        client.delete_upload(second.id)
        pages = list(client.changes(cursor))
        assert known(pages) == {first.id: (3, "new.txt"), second.id: (3, None)}
        assert not pages[-1].has_next
        with pytest.raises(ApiError, match="cursor"):
            next(client.changes("no cursor"))


def test_pages_are_as_small_as_asked(newcomer: Account) -> None:
    with newcomer.client() as client:
        ids = [client.upload_file(b"a", filename=f"{number}.txt").id for number in range(3)]
        page = client.changes_page(first=2)
        assert [change.id for change in page.changes] == ids[:2]
        assert page.has_next
        assert [it.id for it in client.changes_page(page.end_cursor).changes] == ids[2:]


def test_the_asynchronous_client_lists_the_same(newcomer: Account) -> None:
    async def changes() -> list[ChangesPage]:
        async with AsyncMediaClient(newcomer.url, token=newcomer.token) as client:
            return [page async for page in client.changes()]

    with newcomer.client() as client:
        upload = client.upload_file(b"a", filename="a.txt")
    assert known(asyncio.run(changes())) == {upload.id: (2, "a.txt")}


def test_the_command_follows_what_is_new(newcomer: Account) -> None:
    listed: list[tuple[str, int]] = []

    class Enough(Exception):
        pass

    with newcomer.client() as client:
        upload = client.upload_file(b"a", filename="a.txt")
        steps: list[Sequence[str] | None] = [None, ["t"]]

        def show(change: ChangedUpload) -> None:
            listed.append((change.id, change.version))

        def pause() -> None:
            if not steps:
                raise Enough
            if tags := steps.pop():
                client.update_upload(upload.id, tags=tags)

        with pytest.raises(Enough):
            shown(Feed(client, None), show, pause)
    assert listed == [(upload.id, 2), (upload.id, 3)]


def test_the_command_prints_the_cursor_to_continue_with(run: InProcess, newcomer: Account) -> None:
    run.media.write("a.txt")
    assert run("changes", MEDIA_TOKEN=newcomer.token).stdout == ""
    upload_id = run("upload", "a.txt", MEDIA_TOKEN=newcomer.token).stdout.split("\t")[0]
    listed = run("changes", MEDIA_TOKEN=newcomer.token)
    id, _, version, status, name = listed.stdout.rstrip("\n").split("\t")
    assert (id, version, status, name) == (upload_id, "2", "STORED", "a.txt")
    cursor = listed.stderr.split()[-1]
    run("rm", "--forever", "--yes", upload_id, MEDIA_TOKEN=newcomer.token)
    [line] = run(
        "changes", "--json", "--after", cursor, MEDIA_TOKEN=newcomer.token
    ).stdout.splitlines()
    change = json.loads(line)
    assert (change["id"], change["version"], change["upload"]) == (upload_id, 3, None)
    assert run("changes", "--after", "no cursor", MEDIA_TOKEN=newcomer.token).returncode != 0
