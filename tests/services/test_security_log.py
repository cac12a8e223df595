import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.errors import DomainError
from gql_api.services import security_log
from tests.accounts import ADDRESS, PASSWORD, Accounts, accounts_on


@pytest.fixture
async def accounts(database: Database, caplog: pytest.LogCaptureFixture) -> Accounts:
    caplog.set_level(logging.INFO)
    return await accounts_on(database)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return what was logged since the last call, without the time."""
    records = [record for record in caplog.records if record.name == security_log.logger.name]
    caplog.clear()
    parsed = [json.loads(record.getMessage()) for record in records]
    for line in parsed:
        assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    return parsed


async def refused(action: Any) -> None:
    with pytest.raises(DomainError):
        await action


async def test_logins(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    issued = await accounts.sign_up()
    user = issued.user.id
    session = (await accounts.viewer(issued)).session_id
    assert lines(caplog) == [
        {"event": "sign_up", "outcome": "success", "user": user, "session": session}
    ]
    await refused(accounts.login("Ada", "wrong"))
    await refused(accounts.login("nobody"))
    await accounts.login()
    *failed, succeeded = lines(caplog)
    wrong = {"event": "login", "outcome": "refused", "reason": "INVALID_CREDENTIALS"}
    assert failed == [{**wrong, "user": user}, wrong]
    assert (succeeded["outcome"], succeeded["user"]) == ("success", user)
    await accounts.disable(issued.user)
    for _ in range(6):
        await refused(accounts.login())
    assert [line["reason"] for line in lines(caplog)] == [
        *["INVALID_CREDENTIALS"] * 5,
        "TOO_MANY_ATTEMPTS",
    ]


async def test_sign_ups(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    await accounts.sign_up()
    await refused(accounts.sign_up("aDA"))
    await refused(accounts.service.sign_up("x", PASSWORD, None, None, ADDRESS))
    _, taken = lines(caplog)
    assert taken == {"event": "sign_up", "outcome": "refused", "reason": "USERNAME_TAKEN"}


async def test_sessions(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    first = await accounts.sign_up()
    viewer = await accounts.viewer(first)
    ids = {"user": viewer.user.id, "session": viewer.session_id}
    second = await accounts.session_service.refresh(first.refresh_token)
    assert lines(caplog)[1:] == [{"event": "refresh", "outcome": "success", **ids}]

    await refused(accounts.session_service.refresh(first.refresh_token))
    await refused(accounts.session_service.refresh("junk"))
    await refused(accounts.session_service.refresh(None))
    bad = {"event": "refresh", "outcome": "refused", "reason": "INVALID_SESSION"}
    assert lines(caplog) == [{**bad, "sessions_ended": 1}, bad]

    assert await accounts.authentication.viewer(second.access_token) is None
    assert await accounts.authentication.viewer("junk") is None
    invalid = {"event": "access", "outcome": "refused", "reason": "INVALID_TOKEN"}
    assert lines(caplog) == [{**invalid, **ids}, invalid]

    third = await accounts.login()
    await accounts.session_service.logout(await accounts.viewer(third), None, True)
    await accounts.session_service.logout(None, None, False)
    assert lines(caplog)[1:] == [
        {"event": "logout", "outcome": "success", "user": ids["user"], "sessions_ended": 1}
    ]


async def test_api_keys(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    viewer = await accounts.viewer(await accounts.sign_up())
    lines(caplog)
    token, api_key = await accounts.api_keys.create(viewer, "backup", None)
    by_key = await accounts.authentication.viewer(token)
    assert by_key is not None
    await refused(accounts.api_keys.create(by_key, "another", None))
    await refused(accounts.api_keys.revoke(viewer, "no\nid"))
    await accounts.api_keys.revoke(viewer, api_key.id)
    assert await accounts.authentication.viewer(token) is None
    user, session = viewer.user.id, viewer.session_id
    owner = {"user": user, "session": session}
    key = {"user": user, "api_key": api_key.id}
    assert lines(caplog) == [
        {"event": "create_api_key", "outcome": "success", **owner, **key},
        {"event": "create_api_key", "outcome": "refused", "reason": "FORBIDDEN", **key},
        {"event": "revoke_api_key", "outcome": "refused", "reason": "API_KEY_NOT_FOUND", **owner},
        {"event": "revoke_api_key", "outcome": "success", **owner, **key},
        {"event": "access", "outcome": "refused", "reason": "INVALID_TOKEN"},
    ]


async def test_what_is_typed_is_not_logged(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    typed = 'my password\r\n{"event": "login", "outcome": "success"}'
    await refused(accounts.login(typed, typed))
    await refused(accounts.session_service.refresh(typed))
    assert await accounts.authentication.viewer(typed) is None
    assert "my password" not in caplog.text
    assert [line["outcome"] for line in lines(caplog)] == ["refused"] * 3


def test_an_entry_is_one_line_whatever_is_in_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    odd = 'a\r\nb\u2028c\x1b[0m"\ud800'
    with security_log.coming_from("6f", odd):
        security_log.Entry(security_log.Event.LOGIN, user=odd).succeeded()
    [record] = caplog.records
    assert record.getMessage().isascii()
    assert len(record.getMessage().splitlines()) == 1
    line = json.loads(record.getMessage())
    assert (line["user"], line["address"], line["request_id"]) == (odd, odd, "6f")
