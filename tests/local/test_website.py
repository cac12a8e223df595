"""The web client's files, served with the API."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local.website import BUILD, Website, content_security_policy


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


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("BR;q=0, GZip ; q=0.5", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("deflate, zstd, brotli, xgzip", None),
        ("", None),
        ("*", None),
    ],
)
async def test_the_best_encoding_that_is_accepted_is_sent(
    browser: httpx.AsyncClient, build: Path, accepted: str, encoding: str | None
) -> None:
    script = build / "assets" / "main-1a2b.js"
    packed = {"br": b"brotli", "gzip": gzip.compress(b"run()"), None: b"run()"}
    script.with_suffix(".js.br").write_bytes(b"brotli")
    script.with_suffix(".js.gz").write_bytes(packed["gzip"])

    async with browser.stream(
        "GET", "/assets/main-1a2b.js", headers={"Accept-Encoding": accepted}
    ) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])

    assert response.headers.get("content-encoding") == encoding
    assert body == packed[encoding]
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in response.headers["content-type"]


async def test_a_file_that_is_not_compressed_is_sent_as_it_is(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/", headers={"Accept-Encoding": "gzip, br"})

    assert response.text == "<p>the client</p>"
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
async def test_what_the_browser_has_is_not_sent_again(
    browser: httpx.AsyncClient, build: Path, accepted: str
) -> None:
    """Each encoding has its own ETag."""
    (build / "index.html.gz").write_bytes(gzip.compress(b"<p>the client</p>"))
    headers = {"Accept-Encoding": accepted}
    first = await browser.get("/library", headers=headers)
    again = await browser.get("/", headers={**headers, "If-None-Match": first.headers["etag"]})
    other = {"Accept-Encoding": "gzip" if accepted == "identity" else "identity"}
    as_other = await browser.get("/", headers={**other, "If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["vary"] == "Accept-Encoding"
    assert again.headers["cache-control"] == "no-cache"
    assert (as_other.status_code, as_other.text) == (200, "<p>the client</p>")


async def test_a_new_build_replaces_the_old_one(browser: httpx.AsyncClient, build: Path) -> None:
    assert (await browser.get("/assets/main-3c4d.js")).status_code == 404
    (build / "assets" / "main-3c4d.js").write_text("new()")
    os.utime(build / "index.html", (1, 1))
    assert (await browser.get("/assets/main-3c4d.js")).text == "new()"
    (build / "index.html").unlink()
    assert (await browser.get("/")).status_code == 404


@pytest.mark.parametrize(
    "name", [".vite/manifest.json", ".env", "assets/main-1a2b.js.map", "assets/.x.js", "x.br"]
)
async def test_files_for_tools_are_not_served(
    browser: httpx.AsyncClient, build: Path, name: str
) -> None:
    file = build / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("secret")

    response = await browser.get(f"/{name}")

    assert (response.status_code, response.text) == (404, "Not Found")
    assert response.headers["x-content-type-options"] == "nosniff"


def inline_scripts() -> list[str]:
    """The scripts in the client's page, as the Content-Security-Policy names them."""
    page = (BUILD.parent / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def test_scripts_come_from_the_site_alone() -> None:
    policy = dict(
        directive.split(" ", 1) for directive in content_security_policy(None).split("; ")
    )

    assert policy["script-src"].split() == ["'self'", *inline_scripts()]
    assert policy["object-src"] == "'none'"


def test_frames_show_files_of_the_bucket_only() -> None:
    policy = content_security_policy("https://bucket.test")

    assert "; frame-src https://bucket.test; " in policy


def test_pages_may_ask_issuers_for_tokens_and_nothing_else_of_them() -> None:
    issuers = ["https://login.acme.test:8443/realms/acme", "http://127.0.0.1:9000"]
    policy = content_security_policy("https://bucket.test", issuers)

    allowed = "'self' https://bucket.test https://login.acme.test:8443 http://127.0.0.1:9000"
    assert f"; connect-src {allowed}; " in policy
    assert policy.count("acme.test") == 1


async def test_the_api_may_be_below_a_base_path(build: Path) -> None:
    website = Website(api, build, bucket_url=None, base_path="/api")
    transport = httpx.ASGITransport(website)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        for path in ("/graphql", "/health", "/api/graphql", "/api/health"):
            assert (await client.get(path)).text == "the API"
        assert (await client.get("/api/other")).text == "<p>the client</p>"
