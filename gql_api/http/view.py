"""GraphQL over HTTP, as specified (https://graphql.github.io/graphql-over-http).

Strawberry's own view is lenient, returns errors as plain text, and supports subscriptions, batches
and file uploads, which this API does not have. This view is strict and returns every error in the
form of GraphQL, as JSON with `errors`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, NoReturn, TypeVar, cast

from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import NotPrepared, Unavailable
from gql_api.http.acting import check_act_as
from gql_api.http.messages import Disconnected, Receive, Refusal, Request, Response, Scope, Send
from gql_api.http.negotiation import GRAPHQL, negotiated
from gql_api.schema.context import Context, Services
from gql_api.schema.cost.wire import to_json
from gql_api.schema.errors import bad_request, find_excess, present, unserved
from gql_api.schema.schema import Schema

BODY_MAX_BYTES = 1024 * 1024
PLAYGROUND = "/playground"

T = TypeVar("T")


class Parameters(NamedTuple):
    """The parameters of a GraphQL request."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None


class GraphQLView:
    """The API's endpoint: POST, and GET for queries if enabled.

    `prepared` raises NotPrepared or Unavailable while no operation may be executed.
    """

    def __init__(
        self,
        schema: Schema,
        services: Services,
        *,
        prepared: Callable[[], Awaitable[object]],
        ide: bool,
        queries_by_get: bool,
    ) -> None:
        self._schema = schema
        self._services = services
        self._prepared = prepared
        self._ide = ide
        self._methods = ("GET", "POST") if queries_by_get or ide else ("POST",)
        self._operations = {method: OperationType.from_http(method) for method in ("GET", "POST")}
        if not queries_by_get:
            self._operations["GET"] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        try:
            response = await self._answer(request, receive)
        except Refusal as refusal:
            response = _refused(request, refusal)
            if refusal.status == 405:
                others = (method for method in self._methods if method != request.method)
                response.headers.append(("Allow", ", ".join(others)))
        await response(scope, receive, send)

    async def _answer(self, request: Request, receive: Receive) -> Response:
        if request.method not in self._methods:
            raise Refusal(405, f"Send the request by {' or '.join(self._methods)}.")
        check_act_as(request.headers)
        _refuse_announced_length(request.headers.text("content-length"))
        if self._ide and _is_browser_visit(request):
            return Response(307, headers=[("Location", PLAYGROUND)])
        parameters = await _parameters(request, receive)
        try:
            await self._prepared()
        except (NotPrepared, Unavailable) as error:
            return _unserved(request, error)
        context = self.context(request, parameters)
        result = await self._execute(request.method, parameters, context)
        response = self._response(request, result)
        response.headers += context.response_headers()
        return response

    def context(self, request: Request, parameters: Parameters) -> Context:
        """Return the context that resolvers get."""
        return Context(self._services, request.headers, request.address, parameters.operation_name)

    def _response(self, request: Request, result: ExecutionResult) -> Response:
        """Return the response, without `data` if execution did not begin.

        Without `data`, the status is 400, except for clients that accept only plain JSON. A
        response that Lambda would discard is replaced by an error: the estimate before execution
        cannot foresee all of them.
        """
        body: dict[str, Any] = {}
        errors = result.errors or []
        if errors:
            body["errors"] = [present(error, result, request.id) for error in errors]
        if not errors or result.data is not None or any(error.path for error in errors):
            body["data"] = result.data
        content = to_json(body)
        if error := find_excess(content, self._services.max_response_bytes):
            body = {"errors": [error]}
            content = to_json(body)
        media_type = negotiated(request.headers.text("accept"))
        strict = media_type == GRAPHQL and "data" not in body
        return _json_response(content, 400 if strict else 200, media_type)

    async def _execute(
        self, method: str, parameters: Parameters, context: Context
    ) -> ExecutionResult:
        """Execute the operation that the request names; rejects a mutation by GET with 405."""
        try:
            return await self._schema.execute(
                parameters.query,
                variable_values=parameters.variables,
                context_value=context,
                operation_name=parameters.operation_name,
                allowed_operation_types=self._operations[method],
            )
        except CannotGetOperationTypeError as error:
            raise Refusal(400, error.as_http_error_reason()) from error
        except InvalidOperationTypeError as error:
            raise Refusal(405, "Send this operation by POST.") from error
        except MissingQueryError as error:
            raise Refusal(400, "No GraphQL query found in the request") from error


def _is_browser_visit(request: Request) -> bool:
    """Return whether to redirect to the web client: only a browser that sends no query."""
    accepts_html = "text/html" in request.headers.text("accept")
    return accepts_html and request.method == "GET" and "query" not in request.query()


async def _parameters(request: Request, receive: Receive) -> Parameters:
    """Return the request's parameters after checking their types."""
    data: object
    if request.method == "GET":
        data = _query_parameters(request)
    else:
        _require_json(request.headers.text("content-type"))
        _require_uncompressed(request.headers.text("content-encoding"))
        try:
            data = _read_json(await _timely_body(receive))
        except ValueError as error:
            raise Refusal(400, "Unable to parse request body as JSON") from error
    if isinstance(data, list):
        raise Refusal(400, "Batches are not supported: send one operation per request.")
    if not isinstance(data, dict):
        raise Refusal(400, "The request body must be a JSON object.")
    _parameter(data, "extensions", dict, "an object")  # Checked, but not used.
    return Parameters(
        query=_parameter(data, "query", str, "a string"),
        variables=_parameter(data, "variables", dict, "an object"),
        operation_name=_parameter(data, "operationName", str, "a string"),
    )


def _query_parameters(request: Request) -> dict[str, object]:
    """Return the parameters of a GET, two of which are JSON in the URL."""
    given = request.query()
    data: dict[str, object] = {**given}
    try:
        for name in ("variables", "extensions"):
            if text := given.get(name):
                data[name] = _read_json(text)
    except ValueError as error:
        raise Refusal(400, "variables and extensions must be JSON.") from error
    return data


async def _timely_body(receive: Receive) -> bytes:
    """Read the request's body; fails with 408 at the end of the request's time."""
    try:
        async with asyncio.timeout(seconds_left()):
            return await _body(receive)
    except TimeoutError:
        # What arrives later on this connection would be taken for the next request.
        close = {"Connection": "close"}
        raise Refusal(408, "The body did not arrive in time.", close) from None


async def _body(receive: Receive) -> bytes:
    """Read the request's body; fails with 413 once it exceeds the limit."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
        if sum(map(len, chunks)) > BODY_MAX_BYTES:
            raise _too_large()
    return b"".join(chunks)


def _read_json(data: str | bytes) -> object:
    """Parse JSON in UTF-8 (RFC 8259, 8.1), without Python's extensions NaN and Infinity.

    Raises:
        ValueError: invalid JSON or UTF-8, a huge integer, or nesting beyond the recursion limit.
    """
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    try:
        return cast(object, json.loads(text, parse_constant=_refuse_constant))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse_announced_length(content_length: str) -> None:
    """Fail with 413 before a long body is read. `_body` enforces the limit in all other cases."""
    digits = content_length.lstrip("0")
    if digits.isascii() and digits.isdecimal():
        max_digits = len(str(BODY_MAX_BYTES))
        if len(digits) > max_digits or int(digits) > BODY_MAX_BYTES:
            raise _too_large()


def _too_large() -> Refusal:
    return Refusal(413, f"The body has more than {BODY_MAX_BYTES} bytes.")


def _require_json(content_type: str) -> None:
    media_type, _, parameters = content_type.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Refusal(415, "Send the request as application/json, in UTF-8.")


def _require_uncompressed(content_encoding: str) -> None:
    """Reject compressed bodies, which can be large when expanded (RFC 9110, 15.5.16)."""
    if content_encoding.strip().lower() not in ("", "identity"):
        raise Refusal(415, "Send the request without Content-Encoding.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parameter(data: Mapping[str, object], name: str, kind: type[T], expected: str) -> T | None:
    value = data.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise Refusal(400, f"{name} must be {expected}.")


def _json_response(content: bytes, status_code: int, media_type: str) -> Response:
    return Response(status_code, content, [("Content-Type", f"{media_type}; charset=utf-8")])


def _unserved(request: Request, error: NotPrepared | Unavailable) -> Response:
    """Return the response of a service that cannot begin to execute requests."""
    return _json_response(
        to_json({"errors": [unserved(error, request.id)]}),
        503,
        negotiated(request.headers.text("accept")),
    )


def _refused(request: Request, refusal: Refusal) -> Response:
    response = _json_response(
        to_json({"errors": [bad_request(refusal.message)]}),
        refusal.status,
        negotiated(request.headers.text("accept")),
    )
    response.headers += refusal.headers.items()
    return response
