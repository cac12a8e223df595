"""No operation that Schemathesis generates from schema.graphql causes a server error.

`make soak` sends more operations per field of Query and Mutation, with new values each time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from gql_api.container import Container
from tests import random_work
from tests.api import PASSWORD, Api, new_username

SCHEMA = Path(__file__).parents[2] / "schema.graphql"
EXAMPLES = 5

schemathesis.graphql.scalar("ByteCount", st.integers(-1, 2**53).map(nodes.Int))
schemathesis.graphql.scalar(
    "DateTime", st.datetimes().map(lambda at: nodes.String(f"{at.isoformat()}Z"))
)


def run(url: str, username: str | None, examples: int) -> Counter[str]:
    """Send operations for each field; return the number sent per field.

    Each field has a session of its own, because one of the fields is logout. All sessions begin
    before the first operation, because generated wrong passwords slow down later logins.

    Raises:
        AssertionError: a response is a server error; Hypothesis shows the operation.
    """
    sent: Counter[str] = Counter()
    schema: Any = schemathesis.graphql.from_path(str(SCHEMA))
    schema.config.update(base_url=f"{url}/graphql")
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]
    sessions: list[dict[str, str]] = [
        {} if username is None else {"Authorization": f"Bearer {login(url, username)}"}
        for _ in operations
    ]
    for operation, headers in zip(operations, sessions, strict=True):
        send_many(operation, headers, examples, sent)
    return sent


def login(url: str, username: str) -> str:
    """Log in and return an access token."""
    query = "mutation ($i: LoginInput!) { login(input: $i) { ...on Session { accessToken } } }"
    variables = {"i": {"username": username, "password": PASSWORD}}
    answer = httpx.post(f"{url}/graphql", json={"query": query, "variables": variables})
    token: str = answer.json()["data"]["login"]["accessToken"]
    return token


def send_many(operation: Any, headers: dict[str, str], examples: int, sent: Counter[str]) -> None:
    """Send operations for one field and count them in `sent`."""

    @given(case=operation.as_strategy())
    @settings(random_work.examples(examples), phases=[Phase.generate])
    def send(case: Any) -> None:
        answer = case.call(headers=headers)
        body = answer.json()
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        assert answer.status_code < 500, body
        assert "INTERNAL" not in codes, body
        sent[operation.definition.field_name] += 1

    send()


def fields() -> set[str]:
    """Return the names of the fields of Query and Mutation."""
    schema: Any = schemathesis.graphql.from_path(str(SCHEMA))
    return {found.ok().definition.field_name for found in schema.get_all_operations()}


@pytest.mark.random
@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "signed-in"])
async def test_no_generated_operation_is_a_server_error(
    asgi_url: str, client: httpx.AsyncClient, signed_in: bool
) -> None:
    username = new_username() if signed_in else None
    if username is not None:
        await Api(client).sign_up(username)
    sent = await asyncio.to_thread(run, asgi_url, username, EXAMPLES)
    assert sent.keys() == fields()
    assert len(sent) >= 17
    assert min(sent.values()) >= EXAMPLES


async def test_a_server_error_is_found(
    asgi_url: str, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted error is found, so finding none means something."""

    async def fails(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(container.accounts, "login", fails)
    with pytest.raises(AssertionError, match="INTERNAL"):
        await asyncio.to_thread(run, asgi_url, None, 5)
