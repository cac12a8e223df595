"""A media function for the tests of the services: it decodes nothing, and derives what it is told.

Its queue records the requests. `derive` does what the real function does with one: it writes the
renditions, and then the file of facts.
"""

from __future__ import annotations

from gql_api.domain.media import Media, RenditionName
from gql_api.domain.processing import (
    FACTS_NAME,
    Facts,
    MediaRequest,
    StoredRendition,
    derived_file,
    file_name,
    folder,
    write_facts,
)
from gql_api.domain.uploads import Upload
from tests.services.world import Json, World

# What a deployment needs so that media are processed. Nothing is sent to this address.
PROCESSED = {"MEDIA_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/media"}

DATA = b"the bytes of a picture"
MEDIA = Media(width=4000, height=3000, thumbhash="3OcRJYB4d3h/iIeHeEh3eIhw+j2w", camera="Phone")
PICTURES = {
    RenditionName.THUMBNAIL: b"a small picture",
    RenditionName.PREVIEW: b"a picture of medium size",
}
RENDITIONS = tuple(
    StoredRendition(name, 16 * number, 12 * number, len(data))
    for number, (name, data) in enumerate(PICTURES.items(), 1)
)


class MediaFunction:
    """Implements `MediaQueue`, and derives files from the objects that it was sent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests: list[MediaRequest] = []
        self.broken = False

    async def send(self, request: MediaRequest) -> None:
        """Record a request."""
        if self.broken:
            raise ConnectionError("no queue")
        self.requests.append(request)

    async def close(self) -> None:
        """Do nothing."""

    def folder(self, upload: Upload) -> str:
        """Return the folder of the files that are derived from the upload's present object."""
        prefix = self.world.container.upload_policy.renditions_prefix
        return folder(prefix, *upload.name, str(upload.etag))

    def facts_key(self, upload: Upload) -> str:
        """Return the key of the present object's file of facts."""
        return f"{self.folder(upload)}/{FACTS_NAME}"

    async def derive(self, upload: Upload, content: bytes | None = None) -> Json:
        """Write all derived files; return the event of the file of facts.

        `content` is the file of facts; by default, it has `MEDIA` and `RENDITIONS`.
        """
        for name, data in PICTURES.items():
            key = f"{self.folder(upload)}/{file_name(name)}"
            await self.world.put_behind(key, data, "image/webp")
        if content is None:
            content = write_facts(facts_of(upload))
        key = self.facts_key(upload)
        await self.world.put_behind(key, content, "application/json")
        return self.world.event(key)

    async def process(self, upload: Upload) -> Upload:
        """Derive, have the service handle the event, and return the record."""
        await self.world.container.storage_events.handle(await self.derive(upload))
        return await self.world.record(upload)

    async def files(self) -> set[str]:
        """Return the names of all derived files in the bucket of this test."""
        prefix = self.world.container.upload_policy.renditions_prefix
        found = (derived_file(prefix, key) for key in await self.world.derived())
        return {file.name for file in found if file is not None}


def facts_of(upload: Upload) -> Facts:
    """Return the facts that the media function finds in the upload's present object."""
    return Facts(upload.id, str(upload.etag), MEDIA, RENDITIONS)


def with_media(world: World) -> MediaFunction:
    """Connect the services of the world with a media function."""
    function = MediaFunction(world)
    world.container.media._queue = function
    world.container = world.container._replace(media_queue=function)
    return function
