"""A user of the running service who sends photos and looks at them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Any

import httpx

from benchmarks.users import COMPLETE_UPLOAD, REQUEST_UPLOAD, graphql

_SIGN_UP = """
mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { __typename ... on Session { accessToken } }
}
"""
_PROCESSING = "query Processing($id: ID!) { upload(id: $id) { processing processingError } }"
_ALL_PROCESSING = "query { uploads(first: 100) { edges { node { processing } } } }"
_PAGE = """
query Page($first: Int) {
  uploads(first: $first) {
    edges { node { id filename size media { thumbhash } rendition(name: THUMBNAIL) { url } } }
  }
}
"""
_CHANGES = """
query Changes($after: String) {
  changes(first: 100, after: $after) { nodes { upload { id status } } endCursor hasNextPage }
}
"""
_POLL_SECONDS = 0.05
# Generous: it only ends a run in which nothing is processed.
_DEADLINE_SECONDS = 600


class Library:
    """The uploads of a new user."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = f"{url}/graphql"
        self._headers = {"Content-Type": "application/json"}

    async def sign_up(self) -> None:
        name = f"bench-{os.urandom(4).hex()}"
        data = await self._ask(_SIGN_UP, input={"username": name, "password": os.urandom(9).hex()})
        self._headers["Authorization"] = f"Bearer {data['signUp']['accessToken']}"

    async def send(self, photo: bytes, number: int) -> tuple[str, float]:
        """Upload a photo; return its id, and the time when completeUpload was sent."""
        given = {"filename": f"{number}.jpg", "contentType": "image/jpeg", "size": len(photo)}
        upload = (await self._ask(REQUEST_UPLOAD, input=given))["requestUpload"]["upload"]
        [part] = upload["transfer"]["parts"]
        headers = {header["name"]: header["value"] for header in part["headers"]}
        sent = await self._client.put(part["url"], headers=headers, content=photo)
        sent.raise_for_status()
        completed_at = time.perf_counter()
        stored = (await self._ask(COMPLETE_UPLOAD, id=upload["id"]))["completeUpload"]
        assert stored["status"] == "STORED", stored
        return upload["id"], completed_at

    async def until_done(self, id: str) -> float:
        """Return the time at which the facts and the pictures of an upload are there."""
        for _ in range(int(_DEADLINE_SECONDS / _POLL_SECONDS)):
            upload = (await self._ask(_PROCESSING, id=id))["upload"]
            if upload["processing"] == "DONE":
                return time.perf_counter()
            assert upload["processing"] == "PENDING", upload
            await asyncio.sleep(_POLL_SECONDS)
        raise SystemExit("The photo was not processed.")

    async def until_all_done(self) -> float:
        """Return the time at which all of at most 100 uploads are processed."""
        for _ in range(int(_DEADLINE_SECONDS / _POLL_SECONDS / 4)):
            edges = (await self._ask(_ALL_PROCESSING))["uploads"]["edges"]
            states = {edge["node"]["processing"] for edge in edges}
            if states == {"DONE"}:
                return time.perf_counter()
            assert states <= {"DONE", "PENDING"}, states
            await asyncio.sleep(4 * _POLL_SECONDS)
        raise SystemExit("The photos were not processed.")

    async def follow(self, listed_at: dict[str, float], count: int) -> None:
        """Read `changes` until it has listed so many stored uploads; note when it first did."""
        cursor = None
        while len(listed_at) < count:
            page = (await self._ask(_CHANGES, after=cursor))["changes"]
            cursor = page["endCursor"]
            for node in page["nodes"]:
                if node["upload"]["status"] == "STORED":
                    listed_at.setdefault(node["upload"]["id"], time.perf_counter())
            if not page["hasNextPage"]:
                await asyncio.sleep(_POLL_SECONDS)

    async def page(self, count: int) -> tuple[int, int, int]:
        """Load a page of thumbnails.

        Returns the bytes of its list and of its pictures, with their headers, and the bytes of the
        originals.
        """
        response = await self._post(_PAGE, first=count)
        nodes = [edge["node"] for edge in response.json()["data"]["uploads"]["edges"]]
        assert len(nodes) == count
        urls = [node["rendition"]["url"] for node in nodes]
        pictures = [await self._client.get(url) for url in urls]
        for picture in pictures:
            picture.raise_for_status()
        shown = sum(_wire_bytes(picture) for picture in pictures)
        return _wire_bytes(response), shown, sum(node["size"] for node in nodes)

    async def _ask(self, query: str, **variables: object) -> Mapping[str, Any]:
        answer = (await self._post(query, **variables)).json()
        assert "errors" not in answer, answer
        return answer["data"]  # type: ignore[no-any-return]

    async def _post(self, query: str, **variables: object) -> httpx.Response:
        content = graphql(query, variables)
        return await self._client.post(self._url, content=content, headers=self._headers)


def _wire_bytes(response: httpx.Response) -> int:
    """Return the bytes of a response: its headers, and its body as it was sent."""
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
    return headers + response.num_bytes_downloaded
