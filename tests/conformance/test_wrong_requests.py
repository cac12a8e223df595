"""Invalid requests fail with a message that names the mistake, never with a server error."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

import pytest

from tests.conformance.cases import CASES, FRAMING, PLAIN, Case
from tests.conformance.requests import Answer, exchange

pytestmark = pytest.mark.settings(GRAPHQL_GET="true")


def _message(answer: Answer, media_type: str) -> str:
    """Return the message of a response that must contain one error and nothing else."""
    if media_type == PLAIN:
        return answer.body.decode()
    body = json.loads(answer.body)
    assert list(body) == ["errors"]
    [error] = body["errors"]
    assert error["extensions"]["code"] in (
        "BAD_REQUEST",
        "BAD_USER_INPUT",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "QUERY_TOO_COMPLEX",
    )
    return str(error["message"])


async def _wrong_answers(url: str, cases: Sequence[Case]) -> list[tuple[str, object, object]]:
    """Return the name, expected and actual response of each case that fails."""
    wrong: list[tuple[str, object, object]] = []
    for case in cases:
        answer = await exchange(url, case.request.encoded())
        expected = (case.status_code, case.media_type, case.message)
        media_type = answer.headers["content-type"]
        actual = (answer.status_code, media_type, _message(answer, media_type))
        if actual != expected:
            wrong.append((case.name, expected, actual))
    return wrong


def test_there_are_enough_cases() -> None:
    requests = {case.request for case in [*CASES, *FRAMING]}
    assert len(requests) == len(CASES) + len(FRAMING) >= 100
    assert all(400 <= case.status_code < 500 for case in [*CASES, *FRAMING])


async def test_on_a_real_socket(asgi_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert await _wrong_answers(asgi_url, [*CASES, *FRAMING]) == []
    assert caplog.records == []


async def test_on_lambda(lambda_url: str) -> None:
    """Without the framing cases: API Gateway itself rejects malformed HTTP."""
    assert await _wrong_answers(lambda_url, CASES) == []


async def test_head_is_refused_without_a_body(asgi_url: str) -> None:
    [case] = [case for case in CASES if case.name == "PUT"]
    sent = case.request.encoded().replace(b"PUT ", b"HEAD ", 1)
    answer = await exchange(asgi_url, sent, "HEAD")
    assert (answer.status_code, answer.headers["allow"], answer.body) == (405, "GET, POST", b"")
