"""Floors for warm requests: Lambda handlers written by hand.

They use json, PyJWT, synchronous PyMongo, http.client and this project's signer, and do the same
durable work as the service: a token counts only with its live session, the quota is reserved and
the record written in one transaction, and an upload becomes STORED if a HEAD of its object agrees
with the record. They have no GraphQL, no log, no metrics, no rate limits and no client tokens, do
not group the work of concurrent requests, and do not delete a rejected object.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import jwt
from pymongo import MongoClient, ReturnDocument
from pymongo.client_session import ClientSession

from benchmarks.peers.tokens import claims, signed_in
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.adapters.s3.sigv4 import QuerySigner

Json: TypeAlias = dict[str, Any]
Event: TypeAlias = Mapping[str, Any]
Handler: TypeAlias = Callable[[Event, object], Json]

BUCKET, REGION = os.environ["S3_BUCKET"], os.environ["AWS_DEFAULT_REGION"]
ENDPOINT = os.environ.get("S3_ENDPOINT_URL", f"https://s3.{REGION}.amazonaws.com")
QUOTA_BYTES = int(os.environ["USER_QUOTA_BYTES"])
QUOTA_UPLOADS = 1_000_000
URL_TTL_SECONDS = 900
PENDING_TTL = timedelta(days=7)
FIRST_CHECK = timedelta(minutes=15)
LAST_ARRIVAL = timedelta(seconds=URL_TTL_SECONDS + 3600)
SIZE_MAX = 16 * 2**20
MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
ROW_FIELDS = ("filename", "content_type", "size", "status", "created_at", "tags")

client: MongoClient[Json] = MongoClient(
    os.environ["DB_URL"], tz_aware=True, w="majority", readConcernLevel="majority", timeoutMS=5000
)
users = client[os.environ["DB_NAME"]]["users"]
uploads = client[os.environ["DB_NAME"]]["uploads"]
_address = urlsplit(ENDPOINT)
_CONNECTIONS: dict[str, type[http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}
# Kept alive. urllib3 would take twice the time.
storage = _CONNECTIONS[_address.scheme](_address.netloc, timeout=3)
_keys = Credentials(
    os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], None, None
)
presigner = S3Presigner(
    credentials=FixedCredentials(_keys),
    session_token_seconds=URL_TTL_SECONDS,
    region=REGION,
    bucket=BUCKET,
    endpoint_url=os.environ.get("S3_ENDPOINT_URL"),
)
signer = QuerySigner(
    origin=ENDPOINT,
    access_key_id=_keys.access_key_id,
    secret_access_key=_keys.secret_access_key,
    session_token=None,
    region=REGION,
)


class Refused(Exception):
    """The request fails with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answering(work: Callable[[Event, str], tuple[int, Json]]) -> Handler:
    """Return the handler that authenticates a request and answers with the result of `work`."""

    @wraps(work)
    def handler(event: Event, _context: object) -> Json:
        try:
            status, body = work(event, _owner_id(event))
        except Refused as refusal:
            status, body = refusal.status, {"message": str(refusal)}
        return {
            "statusCode": status,
            "headers": {"content-type": "application/json"},
            "body": json.dumps(body),
        }

    return handler


def _owner_id(event: Event) -> str:
    """Return the id of the enabled user of the token's live session."""
    scheme, _, token = event["headers"].get("authorization", "").partition(" ")
    try:
        of_token = claims(token if scheme.lower() == "bearer" else "")
    except jwt.InvalidTokenError as error:
        raise Refused(401, "The token is not valid.") from error
    user = users.find_one(signed_in(of_token), {"_id": 1})
    if user is None:
        raise Refused(401, "The session has ended.")
    return str(user["_id"])


@answering
def request_upload(event: Event, owner_id: str) -> tuple[int, Json]:
    """Reserve the quota and write the record in one transaction; sign a PUT of the file."""
    file = _file(json.loads(event["body"]))
    now = datetime.now(UTC)
    record = _record(owner_id, file, now)
    size: int = record["size"]
    has_room = {
        "_id": owner_id,
        "usage.uploads": {"$lt": QUOTA_UPLOADS},
        "$expr": {
            "$lte": [
                {"$add": ["$usage.bytes", size]},
                {"$ifNull": ["$quota_bytes", QUOTA_BYTES]},
            ]
        },
    }
    addition = {"$inc": {"usage.bytes": size, "usage.uploads": 1, "visible.uploads": 1}}

    def write(session: ClientSession) -> None:
        if not users.update_one(has_room, addition, session=session).matched_count:
            raise Refused(409, "The file does not fit into the quota.")
        uploads.insert_one(record, session=session)

    with client.start_session() as session:
        session.with_transaction(write)
    signed = presigner.put_object(
        record["key"], size, record["content_type"], None, at=now, ttl_seconds=URL_TTL_SECONDS
    )
    return 201, {
        "id": record["_id"],
        "method": signed.method,
        "url": signed.url,
        "headers": dict(signed.headers),
        "expiresAt": signed.expires_at.isoformat(),
    }


def _file(given: Json) -> tuple[str, str, int]:
    filename, content_type, size = given["filename"], given["contentType"], given["size"]
    if not (isinstance(filename, str) and filename.strip() and len(filename) <= 255):
        raise Refused(400, "The filename is invalid.")
    if not (isinstance(content_type, str) and MEDIA_TYPE.fullmatch(content_type)):
        raise Refused(400, "The content type is invalid.")
    if not (isinstance(size, int) and 0 <= size <= SIZE_MAX):
        raise Refused(400, "The size is invalid.")
    return filename, content_type, size


def _record(owner_id: str, file: tuple[str, str, int], now: datetime) -> Json:
    """Return the record with the fields that the service's records have."""
    filename, content_type, size = file
    upload_id = str(uuid4())
    return {
        "_id": upload_id,
        "owner": owner_id,
        "key": f"uploads/{owner_id}/{upload_id}",
        "filename": filename,
        "filename_folded": unicodedata.normalize("NFKC", filename).casefold(),
        "content_type": content_type,
        "media_type": content_type,
        "media_kind": content_type.partition("/")[0],
        "size": size,
        "tags": [],
        "status": "PENDING",
        "created_at": now,
        "expires_at": now + PENDING_TTL,
        "part_size": size,
        "request_digest": hashlib.sha256(json.dumps(file).encode()).hexdigest(),
        "check_at": now + FIRST_CHECK,
    }


@answering
def complete_upload(event: Event, owner_id: str) -> tuple[int, Json]:
    """Compare the record with a HEAD of its object, and make the upload STORED."""
    named = {"_id": json.loads(event["body"])["id"], "owner": owner_id}
    record: Json | None = uploads.find_one({**named, "status": {"$ne": "DELETED"}})
    if record is None:
        raise Refused(404, "There is no such upload.")
    if record["status"] == "PENDING":
        now = datetime.now(UTC)
        stored = {
            "status": "STORED",
            "stored_at": now,
            "etag": _etag(record, now),
            "check_at": now + LAST_ARRIVAL,
        }
        record = uploads.find_one_and_update(
            {**named, "status": "PENDING"},
            {"$set": stored},
            return_document=ReturnDocument.AFTER,
        )
    if record is None or record["status"] != "STORED":
        raise Refused(409, "The upload is closed.")
    return 200, _row(record)


def _etag(record: Json, now: datetime) -> str:
    """Return the ETag of the object, which must be the declared one."""
    response = _head(record["key"], now)
    if response.status == 404:
        raise Refused(409, "The bucket does not hold the object.")
    if response.status != 200:
        raise Refused(503, "The storage does not respond.")
    found = response.headers["content-length"], response.headers["content-type"]
    if found != (str(record["size"]), record["content_type"]):
        raise Refused(409, "The object differs from the declaration.")
    return str(response.headers["etag"])


def _head(key: str, now: datetime, attempts: int = 2) -> http.client.HTTPResponse:
    """Send a signed HEAD; the storage may have closed the kept connection."""
    mode = {"x-amz-checksum-mode": "ENABLED"}
    request = signer.prepare("HEAD", f"/{BUCKET}/{key}", {}, mode, at=now, expires_seconds=60)
    try:
        storage.request("HEAD", request.url().removeprefix(ENDPOINT), headers=mode)
        response = storage.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        storage.close()
        if attempts == 1:
            raise
        return _head(key, now, attempts - 1)
    return response


@answering
def list_uploads(event: Event, owner_id: str) -> tuple[int, Json]:
    """List the newest uploads."""
    query = event.get("queryStringParameters", {})
    first = min(int(query.get("first", 20)), 100)
    wanted: Json = {"owner": owner_id, "status": {"$ne": "DELETED"}}
    if "after" in query:
        wanted["_id"] = {"$lt": query["after"]}
    found = uploads.find(wanted, ROW_FIELDS).sort([("owner", -1), ("_id", -1)]).limit(first + 1)
    rows = [_row(record) for record in found]
    page = rows[:first]
    return 200, {
        "uploads": page,
        "endCursor": page[-1]["id"] if page else None,
        "hasNextPage": len(rows) > first,
    }


def _row(record: Json) -> Json:
    return {
        "id": record["_id"],
        "filename": record["filename"],
        "contentType": record["content_type"],
        "size": record["size"],
        "status": record["status"],
        "createdAt": record["created_at"].isoformat(),
        "tags": record["tags"],
    }
