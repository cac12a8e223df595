"""CHECK_FILE_TYPES: names and first bytes must match the declared type (OWASP ASVS 5.0, 5.2.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from gql_api.domain.errors import InvalidInput, UploadNotFound, UploadRejected
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.ids import new_id
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.library import Change
from tests.services.world import World, checksum

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 10
SCRIPT = b"<script>alert(1)</script>" + b"      " * 10


pytestmark = pytest.mark.settings(CHECK_FILE_TYPES="true")


async def test_what_fits_is_stored(world: World) -> None:
    upload = await world.stored(PNG)
    assert upload.status is UploadStatus.STORED


@pytest.mark.parametrize("with_checksum", [False, True])
async def test_what_is_something_else_is_rejected_and_deleted(
    world: World, with_checksum: bool
) -> None:
    upload = await world.sent(SCRIPT, checksum=checksum(SCRIPT) if with_checksum else None)
    with pytest.raises(UploadRejected, match="not those of the declared type, image/png"):
        await world.complete(upload)
    record = await world.record(upload)
    assert record.status is UploadStatus.REJECTED
    assert record.status_reason == "The bytes are not those of the declared type, image/png."
    assert await world.usage() == {"bytes": 0, "uploads": 0}
    await world.assert_consistent({})


async def hear(world: World, upload: Upload) -> None:
    await world.hear(upload)


async def sweep(world: World, upload: Upload) -> None:
    await world.sweep(seconds=FIRST_CHECK_SECONDS)


@pytest.mark.parametrize("side", [hear, sweep])
async def test_no_side_stores_it(
    world: World, side: Callable[[World, Upload], Awaitable[None]]
) -> None:
    upload = await world.sent(SCRIPT)
    await side(world, upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


async def test_parts_are_looked_at_when_they_are_one(world: World, small_parts: int) -> None:
    good, bad = await world.sent(PNG * 40), await world.sent(SCRIPT * 40)
    await world.complete(good)
    with pytest.raises(UploadRejected):
        await world.complete(bad)
    await world.assert_consistent({good.id: PNG * 40})


async def test_an_old_url_can_not_bring_something_else_later(world: World) -> None:
    upload = await world.stored(PNG)
    await world.put_behind(upload.key, SCRIPT[: len(PNG)])
    await world.hear(upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


async def test_an_empty_file_is_no_image(world: World) -> None:
    text = await world.sent(b"", content_type="text/plain", filename="a.txt")
    await world.complete(text)
    image = await world.sent(b"")
    with pytest.raises(UploadRejected):
        await world.complete(image)


async def test_a_name_of_something_else_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        await world.request(10, filename="picture.png.exe")
    [field] = refused.value.fields
    assert field.path == ("filename",)
    assert field.message.startswith("ends with .exe, but image/png has .apng or .png")


async def test_it_can_not_be_renamed_to_one_either(world: World) -> None:
    upload = await world.stored(PNG)
    library = world.container.library
    bad = Change(upload.id, "picture.exe")
    assert isinstance(await library.update(world.owner_id, bad), InvalidInput)
    outcomes = await library.update_many(world.owner_id, [bad, Change(upload.id, "b.png")])
    assert [type(outcome) for outcome in outcomes] == [InvalidInput, Upload]
    assert (await world.record(upload)).filename == "b.png"
    renamed = await library.update(world.owner_id, Change(upload.id, "picture.png"))
    assert isinstance(renamed, Upload)
    assert renamed.filename == "picture.png"
    for owner, upload_id in (
        (await world.add_owner(), upload.id),
        (world.owner_id, new_id(world.clock() + timedelta(seconds=1))),
    ):
        outcome = await library.update(owner, Change(upload_id, "picture.exe"))
        assert isinstance(outcome, UploadNotFound)
