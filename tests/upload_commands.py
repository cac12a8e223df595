"""Records the commands that this process sends to the collection of uploads.

The collection can be sharded by owner only if each command names the owners whose records it reads
or writes: MongoDB refuses a findAndModify without the shard key, and sends every other command
without it to all shards. `tests/conftest.py` fails a test during which the service sent one, except
for the questions of the sweep and of operators in `ACROSS_OWNERS`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from pymongo import monitoring

import gql_api

ACROSS_OWNERS = {
    "MongoUploads._names_due": "The sweep asks which uploads of all users are due.",
    "MongoOutbox.overdue": "The sweep asks which outboxes of all users are left behind.",
    "MongoDeployments.is_unused": "The preparation asks whether there is any upload at all.",
    "compose_tags": "A migration changes the records of all users.",
    "MongoReports._across_owners": "Operators ask which uploads of all users are stuck.",
    "MongoProcessingRecords.stored": "Operators have media of all users processed again.",
    "MongoProcessingRecords.counts": "Operators ask how much of the media is processed.",
}

_SERVICE = f"{Path(gql_api.__file__).parent}/"


def names_owner(name: str, command: Mapping[str, Any]) -> bool:
    """Return whether all parts of a command on `uploads` name their owners.

    Commands that read or write no single records, such as createIndexes, need not. Nor does
    getMore: it goes to the shards on which its cursor is open.
    """
    match name:
        case "find":
            return _names(command["filter"])
        case "count" | "distinct" | "findAndModify":
            return _names(command["query"])
        case "aggregate":
            return any(_names(stage.get("$match", {})) for stage in command["pipeline"][:1])
        case "update":
            return all(_names(update["q"]) for update in command["updates"])
        case "delete":
            return all(_names(delete["q"]) for delete in command["deletes"])
        case "insert":
            return all(_names(document) for document in command["documents"])
    return True


def _names(query: Mapping[str, Any]) -> bool:
    """Return whether MongoDB finds the owners in a filter: it looks into `$and` and `$or`, too."""
    if any(map(_names, query.get("$and", ()))):
        return True
    branches = query.get("$or", ())
    if branches and all(map(_names, branches)):
        return True
    owner = query.get("owner")
    if isinstance(owner, Mapping):
        owners: Sequence[object] = owner.get("$in", [None])
        return all(isinstance(one, str) for one in owners)
    return isinstance(owner, str)


class Recorder(monitoring.CommandListener):
    """Counts commands, and keeps those of the service that do not name an owner."""

    def __init__(self) -> None:
        self.commands = 0
        self.across_owners: set[str] = set()
        self._violations: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Check a command that is about to be sent."""
        if event.command.get(event.command_name) != "uploads":
            return
        self.commands += 1
        if names_owner(event.command_name, event.command):
            return
        caller = _caller()
        if caller in ACROSS_OWNERS:
            self.across_owners.add(caller)
        elif caller is not None:
            self._violations.append(f"{caller} sent {event.command_name} without an owner")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""

    def take_violations(self) -> Sequence[str]:
        """Return what was found since the last call."""
        found, self._violations = self._violations, []
        return found


def _caller() -> str | None:
    """Return the function of the service that sends the current command; None if a test does.

    Coroutines that are being awaited are on the stack, too.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(_SERVICE):
            return frame.f_code.co_qualname.partition(".<locals>")[0]
        if "/pymongo/" not in path and path != __file__:
            break
        frame = frame.f_back
    return None


RECORDER = Recorder()
