"""LibraryService.rendition: which rendition is signed, of which object."""

from __future__ import annotations

import pytest

from gql_api.domain.media import RenditionName
from gql_api.domain.processing import NOT_PROCESSED, Processing, ProcessingStatus
from gql_api.domain.uploads import Upload, UploadStatus
from tests.services.media_world import PICTURES, PROCESSED, RENDITIONS, MediaFunction, with_media
from tests.services.world import World

pytestmark = pytest.mark.settings(**PROCESSED)


@pytest.fixture
def function(world: World) -> MediaFunction:
    return with_media(world)


@pytest.fixture
async def photo(world: World, function: MediaFunction) -> Upload:
    return await function.process(await world.stored(b"a photo"))


async def test_each_rendition_is_fetched_as_a_picture(world: World, photo: Upload) -> None:
    for known in RENDITIONS:
        signed = world.container.library.rendition(photo, known.name)
        assert signed is not None
        assert signed.rendition == known
        response = await world.http.get(signed.request.url)
        assert response.content == PICTURES[known.name]
        assert response.headers["content-type"] == "image/webp"


async def test_the_url_fetches_nothing_but_its_rendition(world: World, photo: Upload) -> None:
    signed = world.container.library.rendition(photo, RenditionName.THUMBNAIL)
    assert signed is not None
    for old, new in (("thumbnail.webp", "preview.webp"), ("max-age%3D3600", "max-age%3D9")):
        assert old in signed.request.url
        assert (await world.http.get(signed.request.url.replace(old, new))).status_code == 403
    assert (await world.http.put(signed.request.url, content=b"x")).status_code == 403


@pytest.mark.parametrize("status", UploadStatus)
async def test_only_stored_uploads_have_renditions(
    world: World, photo: Upload, status: UploadStatus
) -> None:
    """A rejected file was stored before: its record may still have what was derived from it."""
    signed = world.container.library.rendition(
        photo._replace(status=status), RenditionName.THUMBNAIL
    )
    assert (signed is not None) == status.stored


async def test_what_was_derived_from_another_object_is_not_signed(
    world: World, photo: Upload
) -> None:
    done = photo.processing
    for other in (
        photo._replace(etag='"another"'),
        photo._replace(etag=None),
        photo._replace(processing=done._replace(etag=None)),
        photo._replace(etag=None, processing=done._replace(etag=None)),
        photo._replace(processing=NOT_PROCESSED),
        photo._replace(processing=Processing(ProcessingStatus.FAILED, "Why.", photo.etag)),
    ):
        assert world.container.library.rendition(other, RenditionName.THUMBNAIL) is None


async def test_a_rendition_that_does_not_exist_is_not_signed(world: World, photo: Upload) -> None:
    only = photo.processing._replace(renditions=RENDITIONS[:1])
    library = world.container.library
    assert library.rendition(photo._replace(processing=only), RENDITIONS[0].name) is not None
    assert library.rendition(photo._replace(processing=only), RENDITIONS[1].name) is None


async def test_the_old_renditions_stay_while_the_object_is_processed_again(
    world: World, photo: Upload
) -> None:
    again = photo._replace(processing=photo.processing.again())
    assert world.container.library.rendition(again, RenditionName.PREVIEW) is not None
