"""The default logging configuration, tested in a child process."""

import subprocess
import sys

SCRIPT = """
import logging
{first}
from gql_api import logs
from gql_api.services.security_log import Entry, Event
logs.configure()
logs.configure()
Entry(Event.LOGIN, user="a user").succeeded()
for name in ("pymongo.command", "botocore.auth", "urllib3.connectionpool"):
    logging.getLogger(name).debug("a secret")
    logging.getLogger(name).warning("a warning")
logging.getLogger("urllib3.connection").warning("Failed to parse headers (url=a secret)")
"""


def output(first: str) -> list[str]:
    """Return the lines that the script logs if it runs the statements in `first` first."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(first=first)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()


def test_the_security_log_is_on_by_default() -> None:
    login, *warnings = output("")
    assert login.startswith('{"time": ')
    assert login.endswith('"event": "login", "outcome": "success", "user": "a user"}')
    assert warnings == ["a warning"] * 3


def test_libraries_tell_no_secret_though_all_is_logged() -> None:
    lines = output("logging.basicConfig(level=logging.DEBUG)")
    assert [line for line in lines if '"event": "login"' in line] == lines[:1]
    assert "a secret" not in "\n".join(lines)
    assert len(lines) == 4


def test_a_level_that_was_chosen_stays() -> None:
    lines = output(
        "logging.basicConfig(level=logging.INFO)\n"
        "logging.getLogger('pymongo').setLevel(logging.ERROR)\n"
        "logging.getLogger('gql_api.security').setLevel(logging.ERROR)\n"
    )
    assert lines == [
        "WARNING:botocore.auth:a warning",
        "WARNING:urllib3.connectionpool:a warning",
    ]
