"""A test client: GraphQL to the app, plain HTTP to the bucket.

    api = await new_user(client)
    upload = await api.store(b"hello")

Methods for mutations return any member of the result union, failures included, with its
`__typename`, so that tests can assert it. Results are the JSON of the response, unchanged.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import httpx

from tests.selections import PART, ROW, SESSION, TRANSFER, TRASHED, failures

# Re-exported for tests that write their own queries.
__all__ = ["PART", "PASSWORD", "ROW", "SESSION", "TRANSFER", "Api", "Json", "failures"]
__all__ += ["new_user", "new_username", "refresh_cookies", "send", "send_all"]

Json: TypeAlias = dict[str, Any]

PASSWORD = "correct horse battery staple"


class Api:
    """A caller: an HTTP client of the app and, unless anonymous, a token."""

    def __init__(self, client: httpx.AsyncClient, token: str | None = None) -> None:
        self.client = client
        self.token = token

    def with_token(self, token: str | None) -> Api:
        """Return a caller with the same HTTP client and another token."""
        return Api(self.client, token)

    async def post(
        self, query: str, headers: Mapping[str, str] | None = None, **variables: Any
    ) -> httpx.Response:
        """Send a GraphQL request and return the HTTP response.

        The JSON is ASCII: httpx refuses to encode lone surrogates, which some tests send.
        """
        signed = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return await self.client.post(
            "/graphql",
            content=json.dumps({"query": query, "variables": variables}),
            headers={"Content-Type": "application/json", **signed, **(headers or {})},
        )

    async def data(self, query: str, **variables: Any) -> Json:
        """Return `data` from a response, which must have no errors."""
        body = (await self.post(query, **variables)).json()
        assert "errors" not in body, body["errors"]
        data: Json = body["data"]
        return data

    async def error(self, query: str, **variables: Any) -> tuple[str, str]:
        """Return the code and message of the only top-level error of a response."""
        body = (await self.post(query, **variables)).json()
        assert len(body.get("errors", [])) == 1, body
        [error] = body["errors"]
        return error["extensions"]["code"], error["message"]

    # -------------------------------------------------------------- accounts

    async def sign_up(self, username: str, password: str = PASSWORD, **more: Any) -> Json:
        """Sign up; `more` are further fields of SignUpInput."""
        return await self._mutate(
            "signUp",
            "SignUpInput!",
            {"username": username, "password": password, **more},
            "...Signed",
            SESSION,
        )

    async def login(self, username: str, password: str = PASSWORD, **more: Any) -> Json:
        """Log in; `more` are further fields of LoginInput."""
        return await self._mutate(
            "login",
            "LoginInput!",
            {"username": username, "password": password, **more},
            "...Signed",
            SESSION,
        )

    async def refresh_session(self, **fields: Any) -> Json:
        """Renew a session; `fields` are those of RefreshSessionInput."""
        return await self._mutate(
            "refreshSession", "RefreshSessionInput!", fields, "...Signed", SESSION
        )

    async def logout(self, everywhere: bool = False) -> int:
        """Log out; return the number of sessions ended."""
        query = "mutation ($everywhere: Boolean!) { logout(everywhere: $everywhere) "
        data = await self.data(query + "{ sessionsEnded } }", everywhere=everywhere)
        ended: int = data["logout"]["sessionsEnded"]
        return ended

    async def change_password(self, current: str, new: str) -> Json:
        """Change the password."""
        return await self._mutate(
            "changePassword",
            "ChangePasswordInput!",
            {"currentPassword": current, "newPassword": new},
            "... on PasswordChanged { sessionsEnded }",
        )

    async def create_api_key(self, name: str, expires_at: str | None = None, **more: Any) -> Json:
        """Create an API key; the result has its token in `token`.

        `more` are further fields of CreateApiKeyInput.
        """
        return await self._mutate(
            "createApiKey",
            "CreateApiKeyInput!",
            {"name": name, "expiresAt": expires_at, **more},
            "... on ApiKeyCreated { token apiKey { id name createdAt expiresAt lastUsedAt } }",
        )

    async def revoke_api_key(self, id: str) -> Json:
        """Revoke an API key."""
        return await self._by_id("revokeApiKey", id, "... on ApiKeyRevoked { id }")

    # -------------------------------------------------------------- uploads

    async def request_upload(
        self,
        size: int,
        filename: str = "photo.jpg",
        content_type: str = "image/jpeg",
        **more: Any,
    ) -> Json:
        """Request one upload; `more` are further fields of RequestUploadInput."""
        return await self._mutate(
            "requestUpload",
            "RequestUploadInput!",
            {"filename": filename, "contentType": content_type, "size": size, **more},
            "... on UploadTicket { created upload { ...Row ...Sent } }",
            ROW + TRANSFER + PART,
        )

    async def request_uploads(self, inputs: Sequence[Json]) -> list[Json]:
        """Request many uploads; each input holds the fields of RequestUploadInput."""
        query = (
            "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) {"
            f"{failures('requestUpload')}"
            "... on UploadTicket { created upload { ...Row ...Sent } } } }"
        )
        results: list[Json] = (await self.data(query + ROW + TRANSFER + PART, input=inputs))[
            "requestUploads"
        ]
        return results

    async def upload(self, id: str) -> Json | None:
        """Return an upload with its transfer, or None."""
        query = (
            "query ($id: ID!) { upload(id: $id) "
            "{ ...Row ...Sent transfer { received { number size } } } }"
        )
        upload: Json | None = (await self.data(query + ROW + TRANSFER + PART, id=id))["upload"]
        return upload

    async def parts(self, id: str, select: Sequence[Json] | None = None) -> list[Json]:
        """Return signed requests for parts of a pending upload."""
        query = (
            "query ($id: ID!, $select: [PartInput!]) { upload(id: $id) "
            "{ transfer { parts(select: $select) { ...Part } } } }"
        )
        data = await self.data(query + PART, id=id, select=select)
        parts: list[Json] = data["upload"]["transfer"]["parts"]
        return parts

    async def uploads(self, **arguments: Any) -> Json:
        """Return a page of uploads; `arguments` are those of the field."""
        query = """
        query ($first: Int, $after: String, $last: Int, $before: String,
               $filter: UploadFilter, $orderBy: UploadOrder) {
          uploads(first: $first, after: $after, last: $last, before: $before,
                  filter: $filter, orderBy: $orderBy) {
            totalCount nodes { ...Row } edges { cursor node { id } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }"""
        connection: Json = (await self.data(query + ROW, **arguments))["uploads"]
        return connection

    async def complete_uploads(self, ids: Sequence[str]) -> list[Json]:
        """Complete several uploads in one request."""
        query = "mutation ($ids: [ID!]!) { completeUploads(ids: $ids) {"
        query += f"{failures('completeUpload')} ...Row }} }}"
        results: list[Json] = (await self.data(query + ROW, ids=ids))["completeUploads"]
        return results

    async def update_uploads(self, inputs: Sequence[Json]) -> list[Json]:
        """Rename or tag many uploads; each input holds the fields of UpdateUploadInput."""
        query = (
            "mutation ($input: [UpdateUploadInput!]!) { updateUploads(input: $input) {"
            f"{failures('updateUploads')} ...Row }} }} {ROW}"
        )
        results: list[Json] = (await self.data(query, input=inputs))["updateUploads"]
        return results

    async def trash_uploads(self, ids: Sequence[str]) -> list[Json]:
        """Move uploads to the trash."""
        return await self._by_ids("trashUploads", ids, "...Trashed", TRASHED)

    async def restore_uploads(self, ids: Sequence[str]) -> list[Json]:
        """Take uploads out of the trash."""
        return await self._by_ids("restoreUploads", ids, "...Trashed", TRASHED)

    async def delete_uploads(self, ids: Sequence[str]) -> list[Json]:
        """Delete uploads and their objects."""
        return await self._by_ids("deleteUploads", ids, "... on UploadDeleted { id }")

    async def complete_upload(self, id: str) -> Json:
        """Complete an upload after sending all its bytes."""
        return await self._by_id("completeUpload", id, "...Row", ROW)

    async def cancel_upload(self, id: str) -> Json:
        """Cancel a pending upload."""
        return await self._by_id("cancelUpload", id, "...Row", ROW)

    async def update_upload(self, id: str, **fields: Any) -> Json:
        """Rename or tag an upload; `fields` are those of UpdateUploadInput."""
        return await self._mutate(
            "updateUpload", "UpdateUploadInput!", {"id": id, **fields}, "...Row", ROW
        )

    async def delete_upload(self, id: str) -> Json:
        """Delete an upload and its object."""
        return await self._by_id("deleteUpload", id, "... on UploadDeleted { id }")

    async def download(self, id: str, **arguments: Any) -> Json | None:
        """Return the signed GET of a stored upload; takes `disposition` and `expiresInSeconds`."""
        query = """
        query ($id: ID!, $disposition: Disposition! = INLINE, $expiresInSeconds: Int) {
          upload(id: $id) {
            download(disposition: $disposition, expiresInSeconds: $expiresInSeconds) {
              method url headers { name value } expiresAt
            }
          }
        }"""
        request: Json | None = (await self.data(query, id=id, **arguments))["upload"]["download"]
        return request

    async def request_and_send(self, data: bytes, **fields: Any) -> Json:
        """Request an upload of `data` and send all parts; return the upload, still PENDING."""
        ticket = await self.request_upload(len(data), **fields)
        assert ticket["__typename"] == "UploadTicket", ticket
        upload: Json = ticket["upload"]
        for part in upload["transfer"]["parts"]:
            response = await send(part, data[part["offset"] : part["offset"] + part["size"]])
            assert response.status_code == 200, response.text
        return upload

    async def store(self, data: bytes, **fields: Any) -> Json:
        """Request, send and complete an upload of `data`, up to 100 parts; return the upload."""
        upload = await self.request_and_send(data, **fields)
        stored = await self.complete_upload(upload["id"])
        assert stored["__typename"] == "Upload", stored
        return stored

    # -------------------------------------------------------------- private

    async def _mutate(
        self, field: str, type_: str, input: Json, success: str, fragments: str = ""
    ) -> Json:
        query = (
            f"mutation ($input: {type_}) {{ {field}(input: $input) "
            f"{{ {failures(field)} {success} }} }} {fragments}"
        )
        result: Json = (await self.data(query, input=input))[field]
        return result

    async def _by_id(self, field: str, id: str, success: str, fragments: str = "") -> Json:
        query = (
            f"mutation ($id: ID!) {{ {field}(id: $id) "
            f"{{ {failures(field)} {success} }} }} {fragments}"
        )
        result: Json = (await self.data(query, id=id))[field]
        return result

    async def _by_ids(
        self, field: str, ids: Sequence[str], success: str, fragments: str = ""
    ) -> list[Json]:
        query = (
            f"mutation ($ids: [ID!]!) {{ {field}(ids: $ids) "
            f"{{ {failures(field)} {success} }} }} {fragments}"
        )
        results: list[Json] = (await self.data(query, ids=ids))[field]
        return results


async def send(request: Json, data: bytes | None = None) -> httpx.Response:
    """Send a signed request to the bucket, with exactly the headers that it lists."""
    headers = {header["name"]: header["value"] for header in request["headers"]}
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as bucket:
        return await bucket.request(
            request["method"], request["url"], content=data, headers=headers
        )


async def send_all(requests: Sequence[Json], data: bytes) -> list[httpx.Response]:
    """Send parts of `data` concurrently."""
    return await asyncio.gather(
        *(send(part, data[part["offset"] : part["offset"] + part["size"]]) for part in requests)
    )


def refresh_cookies(client: httpx.AsyncClient) -> list[str]:
    """Return the refresh tokens in the client's cookies."""
    return [it.value or "" for it in client.cookies.jar if "refresh_token" in it.name]


def new_username() -> str:
    """Return a unique username."""
    return f"user-{uuid.uuid4().hex[:16]}"


async def new_user(client: httpx.AsyncClient, **fields: Any) -> Api:
    """Sign up a new user and return the caller; `fields` are further fields of SignUpInput."""
    session = await Api(client).sign_up(new_username(), **fields)
    assert session["__typename"] == "Session", session
    return Api(client, session["accessToken"])
