"""GraphQL over HTTP, as its specification says (https://graphql.github.io/graphql-over-http).

Strawberry's view is lenient and answers its own errors as plain text; this one is strict and
answers everything as GraphQL does, in JSON with `errors`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, NoReturn, TypeVar, cast

import strawberry
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.types import QueryParams
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from gql_api.schema.context import Context, Services
from gql_api.schema.errors import bad_request, present
from gql_api.schema.negotiation import GRAPHQL, negotiated

BODY_MAX_BYTES = 1024 * 1024
PLAYGROUND = "/playground"

T = TypeVar("T")


class GraphQLView(GraphQL[Context, None]):
    """The API's endpoint: POST, and GET for queries if set. No files, batches or subscriptions."""

    def __init__(
        self,
        schema: strawberry.Schema,
        services: Services,
        *,
        ide: Literal["graphiql"] | None,
        queries_by_get: bool,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=ide,
            allow_queries_via_get=queries_by_get,
            subscription_protocols=(),
            multipart_uploads_enabled=False,
        )
        self._services = services
        self._methods = ("GET", "POST") if queries_by_get or ide else ("POST",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, _limited(receive))
        try:
            if request.method not in self._methods:
                raise HTTPException(405, f"Send the request by {' or '.join(self._methods)}.")
            _refuse_announced_length(request.headers.get("content-length", ""))
            response = await self.run(request)
        except HTTPException as refusal:
            response = _refused(request, refusal)
            if refusal.status_code == 405:
                others = (method for method in self._methods if method != request.method)
                response.headers["Allow"] = ", ".join(others)
        await response(scope, receive, send)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """What resolvers know of the request."""
        return Context(self._services, cast(Request, request), cast(Response, response))

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """What the answer will have beside its body: cookies, and its media type."""
        response = await super().get_sub_response(request)
        response.media_type = negotiated(request.headers.get("accept", ""))
        return response

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Only to browsers, and where there is one; others are told what they left out."""
        wanted = "text/html" in request.headers.get("accept", "")
        return (
            self.graphql_ide is not None and wanted and super().should_render_graphql_ide(request)
        )

    async def render_graphql_ide(self, request: Request) -> Response:
        """Lead to the one of the web client; Strawberry's own page loads scripts of other hosts."""
        return RedirectResponse(PLAYGROUND)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """The request's parameters, each of its proper type."""
        if request.method == "GET":
            data: object = self.parse_query_params(request.query_params)
        else:
            _require_json(request.content_type or "")
            _require_plain(request.headers.get("content-encoding", ""))
            data = self.parse_json(await request.get_body())
        if isinstance(data, list):
            raise HTTPException(400, "Batches are not supported: send one operation a request.")
        if not isinstance(data, dict):
            raise HTTPException(400, "The request body must be a JSON object.")
        return GraphQLRequestData(
            query=_parameter(data, "query", str, "a string"),
            variables=_parameter(data, "variables", dict, "an object"),
            operation_name=_parameter(data, "operationName", str, "a string"),
            extensions=_parameter(data, "extensions", dict, "an object"),
        )

    def parse_query_params(self, params: QueryParams) -> dict[str, Any]:
        """The parameters of a GET; two of them are JSON inside the URL."""
        try:
            return super().parse_query_params(params)
        except HTTPException as refusal:
            raise HTTPException(400, "variables and extensions must be JSON.") from refusal

    def decode_json(self, data: str | bytes) -> object:
        """JSON in UTF-8 (RFC 8259, 8.1), without the numbers that Python adds to it.

        Bad UTF-8, huge integers and nesting beyond the interpreter's depth are errors of the JSON,
        like any other.
        """
        try:
            text = data.decode("utf-8") if isinstance(data, bytes) else data
            return cast(object, json.loads(text, parse_constant=_refuse_constant))
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("not JSON", "", 0) from error

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Run the operation that the request names; a mutation by GET is a wrong method."""
        context.operation_name = request_data.operation_name
        try:
            return await super().execute_single(
                request, request_adapter, sub_response, context, root_value, request_data
            )
        except HTTPException as refusal:
            if isinstance(refusal.__cause__, InvalidOperationTypeError):
                raise HTTPException(405, "Send this operation by POST.") from refusal
            raise

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """The answer's body; without `data` where execution never began."""
        body: dict[str, Any] = {}
        errors = result.errors or []
        if errors:
            body["errors"] = [present(e, result, request.state.request_id) for e in errors]
        if not errors or result.data is not None or any(error.path for error in errors):
            body["data"] = result.data
        return cast(GraphQLHTTPResponse, body)

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """The answer; 400 for a request error, except to clients that only know plain JSON."""
        media_type = str(sub_response.media_type)
        strict = media_type == GRAPHQL and "data" not in response_data
        response = _json_response(response_data, 400 if strict else 200, media_type)
        response.headers.raw.extend(sub_response.headers.raw)
        return response


def _refuse_announced_length(content_length: str) -> None:
    """413 before anything of a long body is read. What is no number is left to `_limited`."""
    digits = content_length.lstrip("0")
    if digits.isascii() and digits.isdecimal():
        longest = len(str(BODY_MAX_BYTES))
        if len(digits) > longest or int(digits) > BODY_MAX_BYTES:
            raise _too_long()


def _too_long() -> HTTPException:
    return HTTPException(413, f"The body has more than {BODY_MAX_BYTES} bytes.")


def _limited(receive: Receive) -> Receive:
    """`receive`, ending in 413 once a body gets too long."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > BODY_MAX_BYTES:
            raise _too_long()
        return message

    return receive_limited


def _require_json(content_type: str) -> None:
    media_type, _, parameters = content_type.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in ("", "charset=utf-8"):
        raise HTTPException(415, "Send the request as application/json, in UTF-8.")


def _require_plain(content_encoding: str) -> None:
    """Without decompression, no small body becomes a large one (RFC 9110, 15.5.16)."""
    if content_encoding.strip().lower() not in ("", "identity"):
        raise HTTPException(415, "Send the request without Content-Encoding.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parameter(data: Mapping[str, object], name: str, kind: type[T], right: str) -> T | None:
    value = data.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise HTTPException(400, f"{name} must be {right}.")


def _json_response(body: object, status_code: int, media_type: str) -> Response:
    return Response(
        json.dumps(body, separators=(",", ":")),
        status_code,
        {"Content-Type": f"{media_type}; charset=utf-8"},
    )


def _refused(request: Request, refusal: HTTPException) -> Response:
    return _json_response(
        {"errors": [bad_request(refusal.reason)]},
        refusal.status_code,
        negotiated(request.headers.get("accept", "")),
    )
