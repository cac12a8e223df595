"""The audits of graphql-http, the reference implementation of GraphQL over HTTP.

They ask for `__type`, and some by GET: the audited servers have both, as those of `make run`.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

AUDITS = 61  # 13 say MUST, 23 SHOULD, 25 MAY.
SCRIPT = Path(__file__).parent / "audit.mjs"

pytestmark = pytest.mark.settings(GRAPHQL_INTROSPECTION="true", GRAPHQL_GET="true")


async def audited(url: str) -> list[dict[str, Any]]:
    """What each audit says of the server: `id`, `name`, `status`, `reason`."""
    node = shutil.which("node")
    assert node is not None, "The audits need Node.js 20 or newer."
    process = await asyncio.create_subprocess_exec(
        *(node, str(SCRIPT), f"{url}/graphql"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    audits: list[dict[str, Any]] = json.loads(printed)
    return audits


def _failed(audits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [audit for audit in audits if audit["status"] != "ok"]


async def test_every_audit_passes(asgi_url: str) -> None:
    audits = await audited(asgi_url)
    assert _failed(audits) == []
    assert len(audits) == AUDITS
    levels = [audit["name"].split()[0] for audit in audits]
    assert [levels.count(level) for level in ("MUST", "SHOULD", "MAY")] == [13, 23, 25]


async def test_every_audit_passes_on_lambda(lambda_url: str) -> None:
    audits = await audited(lambda_url)
    assert _failed(audits) == []
    assert len(audits) == AUDITS


async def test_an_audit_can_fail(asgi_url: str) -> None:
    """Against a server that is not GraphQL, so that a pass means something."""
    failed = _failed(await audited(f"{asgi_url}/nothing"))
    assert len(failed) > AUDITS / 2
