"""The library: finding, updating, deleting and downloading uploads."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from gql_api.domain.errors import BadUserInput, InvalidInput, UploadNotFound
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.domain.listing import Filter, Order, OrderField, cursor, page_request
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.library import Change
from tests.services.world import TYPE, World

DATA = b"the bytes of a picture"


async def states(world: World) -> dict[UploadStatus, Upload]:
    """Return one upload in each state that its owner sees."""
    pending = await world.request(len(DATA))
    stored = await world.stored(DATA)
    [trashed] = await world.container.trash.trash_many(
        world.owner_id, [(await world.stored(DATA)).id]
    )
    assert isinstance(trashed, Upload)
    cancelled = await world.container.uploads.cancel(
        world.owner_id, (await world.request(len(DATA))).id
    )
    expired = await world.container.settling.close(
        await world.request(len(DATA)), UploadStatus.EXPIRED
    )
    rejected = await world.request(len(DATA))
    await world.put_behind(rejected.key, b"wrong")
    await world.hear(rejected)
    uploads = (pending, stored, trashed, cancelled, expired, await world.record(rejected))
    return {upload.status: upload for upload in uploads}


async def test_each_state_is_found_by_its_owner_and_nobody_else(world: World) -> None:
    stranger = await world.add_owner()
    library = world.container.library
    found = await states(world)
    assert found.keys() == {*UploadStatus} - {UploadStatus.DELETED}
    for upload in found.values():
        assert await library.find(world.owner_id, upload.id) == upload
        assert await library.find(stranger, upload.id) is None
        outcome = await library.update(stranger, Change(upload.id, "mine.png"))
        assert isinstance(outcome, UploadNotFound)
        assert isinstance(await library.delete(stranger, upload.id), UploadNotFound)
        assert await library.find(world.owner_id, upload.id) == upload


@pytest.mark.parametrize("upload_id", ["", "x", "\0", "00000000-0000-7000-8000-000000000000"])
async def test_an_id_of_nothing_finds_nothing(world: World, upload_id: str) -> None:
    library = world.container.library
    assert await library.find(world.owner_id, upload_id) is None
    outcome = await library.update(world.owner_id, Change(upload_id, "a.png"))
    assert isinstance(outcome, UploadNotFound)
    assert isinstance(await library.delete(world.owner_id, upload_id), UploadNotFound)


async def test_each_state_is_deleted_with_its_object_and_stays_so(world: World) -> None:
    library = world.container.library
    for upload in (await states(world)).values():
        assert await library.delete(world.owner_id, upload.id) is None
        assert await library.find(world.owner_id, upload.id) is None
        outcome = await world.container.uploads.complete(world.owner_id, upload.id)
        assert isinstance(outcome, UploadNotFound)
        assert isinstance(await library.delete(world.owner_id, upload.id), UploadNotFound)
        with pytest.raises(UploadNotFound):
            await world.container.uploads.cancel(world.owner_id, upload.id)
        outcome = await library.update(world.owner_id, Change(upload.id, "b.png"))
        assert isinstance(outcome, UploadNotFound)
    assert await library.count(world.owner_id, Filter()) == 0
    assert await world.usage() == {"bytes": 0, "uploads": 0}
    assert await world.objects() == {}


async def updated(world: World, upload: Upload, **changes: Any) -> Upload:
    """Change the upload's details; return it as it is afterwards."""
    change = Change(upload.id, **changes)
    outcome = await world.container.library.update(upload.owner_id, change)
    assert isinstance(outcome, Upload), outcome
    return outcome


async def test_update_changes_what_is_given_only(world: World) -> None:
    upload = await world.request(len(DATA), tags=("sea",))
    renamed = await updated(world, upload, filename="é/.png")
    assert (renamed.filename, renamed.tags) == ("é/.png", ("sea",))
    tagged = await updated(world, upload, tags=[" sky ", "sky", "sun"])
    assert (tagged.filename, tagged.tags) == ("é/.png", ("sky", "sun"))
    assert await updated(world, upload) == tagged
    assert (await updated(world, upload, tags=[])).tags == ()


async def test_update_says_everything_that_is_wrong_and_changes_nothing(world: World) -> None:
    upload = await world.request(len(DATA))
    change = Change(upload.id, " ", ["ok", "\0"])
    outcome = await world.container.library.update(world.owner_id, change)
    assert isinstance(outcome, InvalidInput)
    assert [error.path for error in outcome.fields] == [("filename",), ("tags", "1")]
    assert await world.record(upload) == upload


async def test_a_renamed_upload_is_still_found_by_its_client_token(world: World) -> None:
    upload = await world.request(len(DATA), client_token="t")
    await updated(world, upload, filename="b.png")
    ticket = await world.container.uploads.request(
        world.owner_id, FileRequest("a.png", TYPE, len(DATA), client_token="t")
    )
    assert isinstance(ticket, Ticket)
    assert (ticket.upload.id, ticket.created) == (upload.id, False)
    assert ticket.upload.filename == "b.png"


async def test_pages_know_whether_rows_lie_behind_them(world: World) -> None:
    library = world.container.library
    uploads = [await world.request(size) for size in (1, 2, 3)]
    order = Order(OrderField.SIZE, descending=False)
    cursors = [cursor(upload, OrderField.SIZE) for upload in uploads]
    for first, after, last, before, sizes, more, behind in [
        (2, None, None, None, [1, 2], True, False),
        (2, cursors[0], None, None, [2, 3], False, True),
        (None, None, 2, None, [2, 3], True, False),
        (None, None, 2, cursors[2], [1, 2], False, True),
        (1, cursors[2], None, None, [], False, True),
        (None, None, 1, cursors[0], [], False, True),
        (0, None, None, None, [], True, False),
    ]:
        request = page_request(Filter(), order, first, after, last, before)
        page = await library.page(world.owner_id, request)
        assert [upload.size_bytes for upload in page.uploads] == sizes
        assert (page.more, await library.more_behind(world.owner_id, page)) == (more, behind)


async def test_only_a_stored_upload_can_be_downloaded_even_from_the_trash(world: World) -> None:
    for status, upload in (await states(world)).items():
        request = world.container.library.download(
            upload, attachment=False, expires_in_seconds=None
        )
        assert (request is not None) == status.stored


@pytest.mark.parametrize(("attachment", "disposition"), [(False, "inline"), (True, "attachment")])
async def test_a_download_comes_with_name_and_type(
    world: World, attachment: bool, disposition: str
) -> None:
    name = '写真 "夏"/🌊.png'
    upload = await world.stored(DATA, filename=name, content_type="text/plain; charset=utf-8")
    request = world.container.library.download(
        upload, attachment=attachment, expires_in_seconds=None
    )
    assert request is not None
    response = await world.http.get(request.url, headers=dict(request.headers))
    assert response.content == DATA
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    kind, plain, exact = response.headers["content-disposition"].split("; ")
    assert (kind, plain.isascii()) == (disposition, True)
    assert unquote(exact.removeprefix("filename*=UTF-8''")) == name


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "text/xml; charset=utf-8"])
async def test_what_could_run_scripts_is_never_shown(world: World, content_type: str) -> None:
    upload = await world.stored(DATA, content_type=content_type)
    request = world.container.library.download(upload, attachment=False, expires_in_seconds=None)
    assert request is not None
    response = await world.http.get(request.url, headers=dict(request.headers))
    assert response.headers["content-type"] == content_type
    assert response.headers["content-disposition"].startswith("attachment;")


async def test_the_lifetime_of_a_download_is_checked(world: World) -> None:
    upload = await world.stored(DATA)
    for seconds in (1, 60, 604_800):
        request = world.container.library.download(
            upload, attachment=False, expires_in_seconds=seconds
        )
        assert request is not None
        assert request.expires_at <= world.clock() + timedelta(seconds=seconds)
    for seconds in (-1, 0, 604_801):
        with pytest.raises(BadUserInput, match="expiresInSeconds"):
            world.container.library.download(upload, attachment=False, expires_in_seconds=seconds)


async def test_deleting_twice_at_once_is_a_success_and_a_not_found(world: World) -> None:
    upload = await world.stored(DATA)
    library = world.container.library
    outcomes = await asyncio.gather(*(library.delete(world.owner_id, upload.id) for _ in range(5)))
    assert None in outcomes
    assert all(outcome is None or isinstance(outcome, UploadNotFound) for outcome in outcomes)
    assert await world.usage() == {"bytes": 0, "uploads": 0}


async def test_a_batch_of_changes_is_made_in_order(world: World) -> None:
    library = world.container.library
    one, two = await world.request(1), await world.request(2)
    strangers = await world.request(3, await world.add_owner())
    outcomes = await library.update_many(
        world.owner_id,
        [
            Change(one.id, "first.png"),
            Change(strangers.id, " "),
            Change(two.id, tags=["t"]),
            Change(one.id, " "),
            Change(one.id, "last.png"),
            Change("x", "x.png"),
        ],
    )
    names = [it.filename if isinstance(it, Upload) else type(it) for it in outcomes]
    assert names == [
        *("first.png", UploadNotFound, "a.png", InvalidInput, "last.png", UploadNotFound)
    ]
    assert (await world.record(one)).filename == "last.png"
    assert (await world.record(two)).tags == ("t",)
    assert await world.record(strangers) == strangers


async def test_a_batch_of_deletions(world: World, small_parts: int) -> None:
    library = world.container.library
    found = await states(world)
    parts = await world.request(2500)
    await world.sign(parts)
    strangers = await world.request(3, await world.add_owner())
    ids = [*(upload.id for upload in found.values()), parts.id]
    outcomes = await library.delete_many(world.owner_id, [*ids, strangers.id, "x", ids[0]])
    assert [type(it) for it in outcomes] == [
        *([type(None)] * len(ids)),
        *(UploadNotFound, UploadNotFound, type(None)),
    ]
    assert await library.count(world.owner_id, Filter()) == 0
    assert await world.record(strangers) == strangers
    assert await world.objects() == {}
    await world.assert_consistent()


async def test_more_than_a_hundred_are_refused(world: World) -> None:
    library, trash = world.container.library, world.container.trash
    ids = ["x"] * 101
    changes = [Change(it, "a") for it in ids]
    for batch in (
        library.update_many(world.owner_id, changes),
        library.delete_many(world.owner_id, ids),
        trash.trash_many(world.owner_id, ids),
        trash.restore_many(world.owner_id, ids),
    ):
        with pytest.raises(BadUserInput, match="101 uploads; at most 100"):
            await batch
    assert len(await library.delete_many(world.owner_id, ids[:100])) == 100
