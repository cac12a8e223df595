"""Headers of a PUT that its signature does not cover, on a store that accepts them."""

from __future__ import annotations

import argparse
import asyncio

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from gql_api.admin import prepare
from gql_api.container import Container
from gql_api.domain.deployment import StoreTraits
from local.gateway import Gateway
from tests.api import Api, Json, new_user, send

DATA = b"a picture"
SECRET = b"a secret."
CLEAN = "GuardDutyMalwareScanStatus=NO_THREATS_FOUND"
EVERY_UPLOAD_IN_PARTS = pytest.mark.settings(SINGLE_PART_MAX_BYTES="0")
SENT = {
    "cache-control": "public, max-age=31536000",
    "content-disposition": "inline",
    "content-language": "xx",
    "expires": "Wed, 21 Oct 2037 07:28:00 GMT",
    "x-amz-acl": "public-read",
    "x-amz-meta-a": "b",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "x-amz-tagging": CLEAN,
    "x-amz-website-redirect-location": "https://elsewhere.test/",
}
# Of one store or another, these make the PUT fail; none may leave an object that cannot be read.
PERHAPS_REFUSED = {
    "content-encoding": "gzip",
    "x-amz-object-lock-mode": "COMPLIANCE",
    "x-amz-server-side-encryption": "AES256",
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-storage-class": "GLACIER",
}


def extended(part: Json, headers: dict[str, str]) -> Json:
    added = [{"name": name, "value": value} for name, value in headers.items()]
    return {**part, "headers": [*part["headers"], *added]}


async def sent_with(api: Api, headers: dict[str, str], data: bytes = DATA) -> Json:
    """Send and complete an upload with further headers; return the result."""
    upload = (await api.request_upload(len(data)))["upload"]
    for part in upload["transfer"]["parts"]:
        await send(extended(part, headers), data)
    return await api.complete_upload(upload["id"])


async def key_of(container: Container, id: str) -> str:
    row = await container.database["uploads"].find_one({"_id": id})
    assert row is not None
    key: str = row["key"]
    return key


async def traits_of(container: Container) -> StoreTraits:
    await prepare.run(container, argparse.Namespace())
    traits = (await container.deployment.current()).traits
    assert traits is not None
    return traits


async def test_a_download_has_the_headers_that_the_service_signs(
    client: httpx.AsyncClient, container: Container, gateway: Gateway
) -> None:
    ada = await new_user(client)
    stored = await sent_with(ada, SENT)
    assert stored["status"] == "STORED"
    download = await ada.download(stored["id"], disposition="ATTACHMENT")
    assert download is not None
    response = await send(download)
    assert response.content == DATA
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["content-disposition"] == 'attachment; filename="photo.jpg"'
    key = await key_of(container, stored["id"])
    address = f"{gateway.endpoint_url}/{container.settings.s3_bucket}/{key}"
    async with httpx.AsyncClient(trust_env=False) as stranger:
        assert (await stranger.get(address)).status_code == 403


@pytest.mark.parametrize("name", PERHAPS_REFUSED)
async def test_no_header_leaves_a_stored_file_that_cannot_be_read(
    client: httpx.AsyncClient, name: str
) -> None:
    ada = await new_user(client)
    result = await sent_with(ada, {name: PERHAPS_REFUSED[name]})
    assert result["__typename"] in ("Upload", "UploadIncomplete", "UploadRejected")
    if result["__typename"] == "Upload":
        download = await ada.download(result["id"])
        assert download is not None
        response = await send(download)
        assert (response.content, response.headers.get("content-encoding")) == (DATA, None)


async def test_a_copy_of_another_type_is_found_in_a_batch(
    client: httpx.AsyncClient, container: Container
) -> None:
    """A listing would show the declared size; only a HEAD shows the type that the copy brought."""
    ada = await new_user(client)
    page = await ada.store(DATA, filename="page.html", content_type="text/html")
    source = f"/{container.settings.s3_bucket}/{await key_of(container, page['id'])}"
    copy = (await ada.request_upload(len(DATA)))["upload"]
    [part] = copy["transfer"]["parts"]
    assert (await send(extended(part, {"x-amz-copy-source": source}), DATA)).status_code == 200
    others = [await ada.request_and_send(DATA) for _ in range(3)]

    results = await ada.complete_uploads([upload["id"] for upload in (copy, *others)])

    assert [result["__typename"] for result in results] == ["UploadRejected", *["Upload"] * 3]


@EVERY_UPLOAD_IN_PARTS
async def test_no_header_of_a_part_reaches_the_object(
    client: httpx.AsyncClient, container: Container, s3_client: S3Client
) -> None:
    ada = await new_user(client)
    stored = await sent_with(ada, {**SENT, "content-type": "text/html"})
    assert stored["status"] == "STORED"
    bucket, key = container.settings.s3_bucket, await key_of(container, stored["id"])
    head = await asyncio.to_thread(s3_client.head_object, Bucket=bucket, Key=key)
    assert head["ContentType"] == "image/jpeg"
    assert head["Metadata"] == {}
    assert not head.keys() & {"CacheControl", "ContentDisposition", "ContentLanguage", "Expires"}
    tags = await asyncio.to_thread(s3_client.get_object_tagging, Bucket=bucket, Key=key)
    assert tags["TagSet"] == []


async def test_the_probe_tells_whether_tags_can_be_trusted(
    client: httpx.AsyncClient,
    container: Container,
    s3_client: S3Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    traits = await traits_of(container)
    stored = await sent_with(await new_user(client), {"x-amz-tagging": CLEAN})
    tagged = (
        stored["__typename"] == "Upload"
        and (
            await asyncio.to_thread(
                s3_client.get_object_tagging,
                Bucket=container.settings.s3_bucket,
                Key=await key_of(container, stored["id"]),
            )
        )["TagSet"]
        != []
    )
    assert tagged is not traits.refuses_unsigned_headers
    assert ("that the signature does not cover" in capsys.readouterr().err) is tagged


@pytest.mark.parametrize(
    "in_parts", [False, pytest.param(True, marks=EVERY_UPLOAD_IN_PARTS)], ids=["whole", "part"]
)
async def test_the_probe_tells_whether_others_files_can_be_copied(
    client: httpx.AsyncClient, container: Container, in_parts: bool
) -> None:
    """The key is in each download URL, which its owner may have passed on."""
    traits = await traits_of(container)
    ada, eve = await new_user(client), await new_user(client)
    secret = await ada.store(SECRET)
    source = f"/{container.settings.s3_bucket}/{await key_of(container, secret['id'])}"
    copied = await sent_with(eve, {"x-amz-copy-source": source})
    stolen = False
    if copied["__typename"] == "Upload":
        download = await eve.download(copied["id"])
        assert download is not None
        stolen = (await send(download)).content == SECRET
    assert stolen is not traits.refuses_unsigned_headers
