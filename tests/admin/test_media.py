"""The commands about the processing of media."""

from __future__ import annotations

import httpx
import pytest

from gql_api.container import Container
from tests.admin.commands import Operator
from tests.api import new_user
from tests.services.media_world import PROCESSED


async def store_from_before(client: httpx.AsyncClient, container: Container) -> str:
    """Store a picture as if media had not been processed then; return its owner's name."""
    ada = await new_user(client)
    await ada.store(b"a few bytes", filename="a.png", contentType="image/png")
    await container.database["uploads"].update_many({}, {"$unset": {"processing": ""}})
    viewer = (await ada.data("{ viewer { username } }"))["viewer"]
    return str(viewer["username"])


@pytest.mark.settings(**PROCESSED)
async def test_has_media_processed_again(
    operator: Operator, client: httpx.AsyncClient, container: Container
) -> None:
    name = await store_from_before(client, container)

    before = await operator.succeed("media", "status")
    failed = await operator.succeed("media", "reprocess", "--failed")
    done = await operator.succeed("media", "reprocess", "--owner", name)
    after = await operator.succeed("media", "status", "--owner", name)

    assert before.output == "none     1\npending  0\ndone     0\nfailed   0\n"
    assert failed == (0, "0 uploads will be processed.\n", "")
    assert done == (0, "1 uploads will be processed.\n", "1 uploads so far.\n")
    assert after.output == "none     0\npending  1\ndone     0\nfailed   0\n"


async def test_says_if_media_are_not_processed(
    operator: Operator, client: httpx.AsyncClient, container: Container
) -> None:
    await store_from_before(client, container)
    refused = await operator.run("media", "reprocess", "--all")
    assert (refused.status, refused.output) == (1, "")
    assert "MEDIA_PROCESSING is false" in refused.complaints
    assert (await operator.succeed("media", "status")).output.startswith("none     1\npending  0")


@pytest.mark.settings(**PROCESSED)
async def test_says_what_is_wrong(operator: Operator) -> None:
    unknown = await operator.run("media", "reprocess", "--owner", "nobody")
    assert unknown == (1, "", "There is no user nobody.\n")
    both = await operator.run("media", "reprocess", "--all", "--failed")
    assert both.status == 2
