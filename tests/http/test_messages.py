"""Requests and responses, compared with Starlette's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request as TheirRequest
from starlette.responses import Response as TheirResponse

from gql_api.http.messages import Request, Response
from tests.random_work import examples

FIELDS = [(b"accept", b"a"), (b"Cookie", b"b=1"), (b"cookie", b"c=\xe9"), (b"x-empty", b"")]


def scope(query_string: bytes = b"") -> dict[str, Any]:
    return {
        **{"type": "http", "method": "GET", "headers": FIELDS, "query_string": query_string},
        **{"client": ("192.0.2.1", 0), "state": {"request_id": "some-id"}},
    }


def test_a_request_is_read_from_its_scope() -> None:
    request = Request(scope())
    assert (request.method, request.id, request.address) == ("GET", "some-id", "192.0.2.1")
    assert request.headers.all("cookie") == ["b=1", "c=\xe9"]
    assert request.headers.find("cookie") == "b=1"
    assert request.headers.find("x-empty") == "" == request.headers.text("x-none")
    assert request.headers.find("x-none") is None
    assert request.headers.all("x-none") == []


@examples(100)
@given(st.binary(max_size=40) | st.from_regex(rb"([a-c]=(%[0-9a-f]{2}|\+|[x-z]){0,3}&?){0,4}"))
def test_a_query_is_read_as_starlette_reads_it(query_string: bytes) -> None:
    expected = dict(TheirRequest(scope(query_string)).query_params)
    assert Request(scope(query_string)).query() == expected


@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_a_response_is_sent_as_starlette_sends_it(body: bytes) -> None:
    async def sent(response: Any) -> list[Any]:
        messages: list[Any] = []

        async def send(message: Any) -> None:
            messages.append({**message, "headers": sorted(message.get("headers", []))})

        await response(scope(), None, send)
        return messages

    headers = {"Content-Type": "application/json", "X-Name": "\xe9"}
    ours = Response(201, body, headers.items())
    assert await sent(ours) == await sent(TheirResponse(body, 201, headers))
