"""The audits of graphql-http, the reference implementation of GraphQL over HTTP.

They query `__type`, some by GET, so the audited servers enable introspection and GET, as
`make run` does.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

AUDITS = 61  # 13 MUST, 23 SHOULD, 25 MAY.
SCRIPT = Path(__file__).parent / "audit.mjs"

pytestmark = pytest.mark.settings(GRAPHQL_INTROSPECTION="true", GRAPHQL_GET="true")


async def audited(url: str) -> list[dict[str, Any]]:
    """Return the result of each audit: `id`, `name`, `status` and `reason`."""
    node = shutil.which("node")
    assert node is not None, "The audits need Node.js 20 or newer."
    process = await asyncio.create_subprocess_exec(
        *(node, str(SCRIPT), f"{url}/graphql"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    audits: list[dict[str, Any]] = json.loads(stdout)
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
    """Audits fail against a server that is not GraphQL, so a pass means something."""
    failed = _failed(await audited(f"{asgi_url}/nothing"))
    assert len(failed) > AUDITS / 2
