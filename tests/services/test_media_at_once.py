"""With a media worker, complete uploads are processed before their event comes."""

from __future__ import annotations

import pytest

from tests.services.media_world import DATA, MediaFunction
from tests.services.world import World


@pytest.mark.settings(MEDIA_WORKER_URL="http://127.0.0.1:9", MEDIA_WORKER_TOKEN="t" * 32)
async def test_with_a_worker_completing_sends_the_object_and_its_event_does_not(
    world: World, function: MediaFunction
) -> None:
    """Some stores report their events seconds later, and others have none."""
    upload = await world.stored(DATA)
    assert [request.upload_id for request in function.requests] == [upload.id]
    await world.hear(upload)
    await world.complete(upload)
    assert len(function.requests) == 1
    await world.stored(DATA, content_type="text/plain", filename="a.txt")
    assert len(function.requests) == 1
