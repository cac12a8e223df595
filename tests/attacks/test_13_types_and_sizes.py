"""Media types and sizes as browsers and other languages write them, against a real bucket."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.api import PART, TRANSFER, Json, new_user, send

DATA = b"a clip"

# What browsers and systems put into File.type, Blob.type and MediaRecorder.mimeType, and the form
# in which the service returns, signs and stores it.
TYPES = {
    "video/webm;codecs=vp8,opus": 'video/webm; codecs="vp8,opus"',
    'video/webm; codecs="vp8,opus"': 'video/webm; codecs="vp8,opus"',
    "video/x-matroska;codecs=avc1,opus": 'video/x-matroska; codecs="avc1,opus"',
    "video/mp4;codecs=avc1.42e01e,mp4a.40.2": 'video/mp4; codecs="avc1.42e01e,mp4a.40.2"',
    "video/mp4; codecs=avc1, mp4a": 'video/mp4; codecs="avc1, mp4a"',
    "audio/webm;codecs=opus": "audio/webm; codecs=opus",
    "text/plain;": "text/plain",
    "text/plain ; ;charset=UTF-8;": "text/plain; charset=UTF-8",
    "Text/HTML;Charset=utf-8": "text/html; charset=utf-8",
    'application/pdf; name="a b.pdf"': 'application/pdf; name="a b.pdf"',
    "application/pdf; name=a/b:c.pdf": 'application/pdf; name="a/b:c.pdf"',
}
NONSENSE = [
    "foo",
    "",
    ";",
    "video/",
    "/webm",
    "video/webm codecs",
    "image/*",
    "text/plain; charset",
]


@pytest.mark.parametrize("sent", TYPES)
async def test_what_browsers_send_is_stored_and_comes_back(
    client: httpx.AsyncClient, sent: str
) -> None:
    ada = await new_user(client)
    upload = await ada.request_and_send(DATA, content_type=sent)
    assert upload["contentType"] == TYPES[sent]
    [part] = upload["transfer"]["parts"]
    headers = {header["name"].lower(): header["value"] for header in part["headers"]}
    assert headers["content-type"] == TYPES[sent]
    assert (await ada.complete_upload(upload["id"]))["status"] == "STORED"
    download = await ada.download(upload["id"])
    assert download is not None
    assert (await send(download)).headers["content-type"] == TYPES[sent]


@pytest.mark.parametrize("sent", NONSENSE)
async def test_nonsense_is_refused(client: httpx.AsyncClient, sent: str) -> None:
    ticket = await (await new_user(client)).request_upload(1, content_type=sent)
    assert ticket["__typename"] == "InvalidInput"
    assert [field["path"] for field in ticket["fields"]] == [["contentType"]]


REQUEST = (
    """mutation ($size: ByteCount!) {
  requestUpload(input: { filename: "a", contentType: "a/b", size: $size }) {
    __typename ... on UploadTicket { upload { size ...Sent } }
  }
}"""
    + TRANSFER
    + PART
)


async def requested(client: httpx.AsyncClient, json_size: str, query: str = REQUEST) -> Json:
    """Send a request whose JSON contains the size exactly as written."""
    ada = await new_user(client)
    body = json.dumps({"query": query, "variables": {"size": 0}})
    response = await client.post(
        "/graphql",
        content=body.replace('{"size": 0}', f'{{"size": {json_size}}}'),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {ada.token}"},
    )
    answer: Json = response.json()
    return answer


@pytest.mark.parametrize(
    ("written", "size"),
    [("1000.0", 1000), ("1e3", 1000), ("1E+3", 1000), ("0.0", 0), ("-0.0", 0), ("2.5e1", 25)],
)
async def test_doubles_are_sizes(client: httpx.AsyncClient, written: str, size: int) -> None:
    literal = REQUEST.replace("($size: ByteCount!)", "").replace("$size", written)
    for answer in (await requested(client, written), await requested(client, "0", literal)):
        assert answer["data"]["requestUpload"]["upload"]["size"] == size


@pytest.mark.parametrize(
    "written", ["1.5", "-1.0", "1e400", "9007199254740992.0", "1e300", '"1e3"', "5e-1"]
)
async def test_other_numbers_are_not(client: httpx.AsyncClient, written: str) -> None:
    literal = REQUEST.replace("($size: ByteCount!)", "").replace("$size", written)
    for answer in (await requested(client, written), await requested(client, "0", literal)):
        assert answer.get("data") is None
        assert answer["errors"]


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity"])
async def test_what_json_has_no_word_for_is_refused(
    client: httpx.AsyncClient, written: str
) -> None:
    answer = await requested(client, written)
    assert answer.get("data") is None
    assert answer["errors"]


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_a_double_is_measured_like_an_integer(client: httpx.AsyncClient) -> None:
    """The answer has 100 parts of a large file: their number is estimated from its size."""
    [answer, expected] = [await requested(client, size) for size in ("1e12", "1000000000000")]
    assert "data" not in expected
    assert "bytes" in expected["errors"][0]["message"]
    assert answer == expected


async def test_integers_in_double_form_are_accepted_wherever_a_number_is(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    id = (await ada.request_upload(3))["upload"]["id"]
    parts = await ada.parts(id, [{"number": 1.0}])
    assert [part["number"] for part in parts] == [1]
    stored = await ada.store(DATA)
    assert await ada.download(stored["id"], expiresInSeconds=60.0) is not None
    assert len((await ada.uploads(first=2.0))["nodes"]) == 2
