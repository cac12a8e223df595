"""Signed-in users of the service, and the requests that they send."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.bootstrap import build
from gql_api.domain.deployment import RELEASE
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.domain.uploads import Upload
from gql_api.settings import read_settings

# The selection of a client that sends small files.
REQUEST_UPLOAD = """
mutation RequestUpload($input: RequestUploadInput!) {
  requestUpload(input: $input) {
    __typename
    ... on UploadTicket {
      upload { id transfer { parts { method url headers { name value } expiresAt } } }
    }
    ... on UserError { code message }
  }
}
"""

COMPLETE_UPLOAD = """
mutation CompleteUpload($id: ID!) {
  completeUpload(id: $id) {
    __typename
    ... on Upload { id filename contentType size status createdAt tags }
    ... on UserError { code message }
  }
}
"""
# The selection of the web client's list, without the total.
LIST_UPLOADS = """
query Uploads($first: Int, $after: String) {
  uploads(first: $first, after: $after) {
    edges { cursor node { id filename contentType size status createdAt tags } }
    pageInfo { endCursor hasNextPage }
  }
}
"""


@dataclass(frozen=True)
class SignedIn:
    """A user's id and access token."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of each request."""
        return {"Authorization": f"Bearer {self.token}"}


async def prepare_database(database: Database) -> None:
    """Prepare only the database for the service: most benchmarks have no bucket."""
    await MongoSchema(database).apply(0, lambda _line: None)
    await MongoDeployments(database).record_release(RELEASE)


async def sign_up(environment: Mapping[str, str], count: int) -> list[SignedIn]:
    """Create the indexes and `count` users, whose access tokens are valid for one day."""
    logging.getLogger("gql_api.security").setLevel(logging.WARNING)
    container = build(read_settings({**environment, "ACCESS_TTL_SECONDS": "86400"}))
    try:
        await prepare_database(container.database)
        users = []
        for number in range(count):
            name = f"bench-{os.urandom(4).hex()}-{number}"
            session = await container.accounts.sign_up(
                name, "correct horse battery", None, None, f"192.0.2.{number % 250}-{number}"
            )
            users.append(SignedIn(session.user.id, session.access_token))
        return users
    finally:
        await container.close()


async def record_uploads(
    environment: Mapping[str, str], users: Sequence[SignedIn], count: int
) -> list[Upload]:
    """Record `count` PENDING uploads of each user."""
    container = build(read_settings(environment))
    try:
        files = [FileRequest(f"holiday-{n}.jpg", "image/jpeg", 1000) for n in range(count)]
        uploads = []
        for user in users:
            for ticket in await container.uploads.request_many(user.id, files):
                assert isinstance(ticket, Ticket), ticket
                uploads.append(ticket.upload)
        return uploads
    finally:
        await container.close()


def file(number: int, size_bytes: int = 1000) -> dict[str, object]:
    """Return the RequestUploadInput of a file."""
    return {"filename": f"holiday-{number}.jpg", "contentType": "image/jpeg", "size": size_bytes}


def graphql(query: str, variables: dict[str, object]) -> bytes:
    """Return the body of a GraphQL request."""
    return json.dumps({"query": query, "variables": variables}).encode()
