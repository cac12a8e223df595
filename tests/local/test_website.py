"""The web client's files, served with the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local.website import Website, content_security_policy


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("the API")(scope, receive, send)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build with two files, next to a file that is not part of it."""
    (tmp_path / "secrets.json").write_text("secret")
    build = tmp_path / "dist"
    (build / "assets").mkdir(parents=True)
    (build / "index.html").write_text("<p>the client</p>")
    (build / "assets" / "main-1a2b.js").write_text("run()")
    return build


@pytest.fixture
async def browser(build: Path) -> AsyncIterator[httpx.AsyncClient]:
    website = Website(api, build, bucket_url="http://bucket.test:9000")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(website),
        base_url="http://site.test",
        headers={"Accept": "text/html,*/*"},
    ) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/library", "/library/deep", "/index.html", "/assets"])
async def test_every_page_is_the_client(browser: httpx.AsyncClient, path: str) -> None:
    response = await browser.get(path)

    assert response.status_code == 200
    assert response.text == "<p>the client</p>"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-security-policy"] == content_security_policy(
        "http://bucket.test:9000"
    )


async def test_hashed_files_are_kept_for_good(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/assets/main-1a2b.js")

    assert response.text == "run()"
    assert "javascript" in response.headers["content-type"]
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path", ["/../secrets.json", "/%2e%2e/secrets.json", "/assets/..%2f..%2fsecrets.json"]
)
async def test_nothing_else_is_served(browser: httpx.AsyncClient, path: str) -> None:
    response = await browser.get(path)

    assert "secret" not in response.text


async def test_the_api_answers_programs_and_posts(browser: httpx.AsyncClient) -> None:
    json = {"Accept": "application/json"}

    assert (await browser.get("/health")).text == "the API"
    assert (await browser.post("/library")).text == "the API"
    assert (await browser.get("/graphql", headers=json)).text == "the API"
    assert (await browser.get("/graphql")).text == "the API"


def test_scripts_come_from_the_site_alone() -> None:
    policy = dict(
        directive.split(" ", 1) for directive in content_security_policy(None).split("; ")
    )

    assert policy["script-src"] == "'self'"
    assert policy["object-src"] == "'none'"


async def test_the_api_may_be_below_a_base_path(build: Path) -> None:
    website = Website(api, build, bucket_url=None, base_path="/api")
    transport = httpx.ASGITransport(website)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        for path in ("/graphql", "/health", "/api/graphql", "/api/health"):
            assert (await client.get(path)).text == "the API"
        assert (await client.get("/api/other")).text == "<p>the client</p>"
