"""Invalid requests and the exact response to each.

A case has a name, a request, and the status code and message of the response; also its media
type, unless that is the one the request accepts.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from gql_api.http.negotiation import GRAPHQL, JSON
from tests.conformance.requests import Request

HEADERS = (("Host", "api.test"), ("Content-Type", JSON), ("Accept", GRAPHQL))
ANSWER = f"{GRAPHQL}; charset=utf-8"
LEGACY_ANSWER = f"{JSON}; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

NO_JSON = "Unable to parse request body as JSON"
NO_OBJECT = "The request body must be a JSON object."
NO_BATCH = "Batches are not supported: send one operation per request."
NO_QUERY = "No GraphQL query found in the request"
NO_METHOD = "Send the request by GET or POST."
NO_TYPE = "Send the request as application/json, in UTF-8."
NO_HTTP = "Invalid HTTP request received."
NOT_READ = "Syntax Error: "
NO_LEVELS = NOT_READ + "Document is nested too deeply. Parsing aborted."
NO_INT = "Variable '$f' has invalid value: Int cannot represent non-integer value."
TOO_LONG = "The body has more than 1048576 bytes."
TOO_MANY_LINES = "The query is too complex: it has 10002 lines; the maximum is 5000."
TOO_MANY = "The query is too complex: it has more than 10000 tokens; the maximum is 10000."

OK = '{"query": "{ __typename }"}'
FIRST = "query ($f: Int) { uploads(first: $f) { totalCount } }"
REQUEST = "mutation ($i: RequestUploadInput!) { requestUpload(input: $i) { __typename } }"


class Case(NamedTuple):
    """An invalid request. API Gateway itself rejects those with custom framing."""

    name: str
    request: Request
    status_code: int
    message: str
    media_type: str = ANSWER


def post(body: str | bytes) -> Request:
    return Request(body if isinstance(body, bytes) else body.encode(), headers=HEADERS)


def query(text: str, **more: object) -> Request:
    return post(json.dumps({"query": text, **more}))


def member(text: str) -> Request:
    """Return a valid request with extra members in its JSON object."""
    return post('{"query": "{ __typename }", ' + text + "}")


def first(value: object) -> Request:
    return query(FIRST, variables={"f": value})


def get(target: str) -> Request:
    return Request(method="GET", target=target, headers=(HEADERS[0], HEADERS[2]))


def method(name: str) -> Request:
    return Request(OK.encode(), method=name, headers=HEADERS)


def typed(content_type: str | None) -> Request:
    return post(OK).with_header("Content-Type", content_type)


def framed(body: bytes, *framing: tuple[str, str]) -> Request:
    return Request(body, headers=HEADERS, framing=framing)


CHUNKED = ("Transfer-Encoding", "chunked")
NESTED: object = json.loads("[" * 300 + "]" * 300)
BODIES = [
    Case("nothing", post(""), 400, NO_JSON),
    Case("spaces", post(" \r\n"), 400, NO_JSON),
    Case("cut off", post(OK[:-1]), 400, NO_JSON),
    Case("single quotes", post("{'query': '{ __typename }'}"), 400, NO_JSON),
    Case("a comma at the end", member(""), 400, NO_JSON),
    Case("two documents", post(OK + OK), 400, NO_JSON),
    Case("a comment", post(f"// hello\n{OK}"), 400, NO_JSON),
    Case("a form", post("query=%7B__typename%7D"), 400, NO_JSON),
    Case("byte order mark", post("\ufeff" + OK), 400, NO_JSON),
    Case("UTF-16", post(OK.encode("utf-16")), 400, NO_JSON),
    Case("Latin-1", post('{"query": "{ __typename } # é"}'.encode("latin-1")), 400, NO_JSON),
    Case("overlong UTF-8", post(b'{"query": "{ a\xc0\xaf }"}'), 400, NO_JSON),
    Case("a surrogate in UTF-8", post(b'{"query": "{ a\xed\xa0\x80 }"}'), 400, NO_JSON),
    Case("NUL", post(b'{"query": "{ a\x00 }"}'), 400, NO_JSON),
    Case("a bare line break", post('{"query": "{\n__typename }"}'), 400, NO_JSON),
    Case("NaN", member('"variables": {"x": NaN}'), 400, NO_JSON),
    Case("infinity", member('"variables": {"x": -Infinity}'), 400, NO_JSON),
    Case("5000 digits", member('"variables": {"x": ' + "9" * 5000 + "}"), 400, NO_JSON),
    Case("100000 lists", post("[" * 100_000), 400, NO_JSON),
    Case("100000 objects", post('{"a":' * 100_000), 400, NO_JSON),
    Case("deep variables", member(f'"variables": {"[" * 100_000}{"]" * 100_000}'), 400, NO_JSON),
    Case("null", post("null"), 400, NO_OBJECT),
    Case("a number", post("5"), 400, NO_OBJECT),
    Case("a string", post('"{ __typename }"'), 400, NO_OBJECT),
    Case("true", post("true"), 400, NO_OBJECT),
    Case("an empty batch", post("[]"), 400, NO_BATCH),
    Case("a batch", post(f"[{OK}, {OK}]"), 400, NO_BATCH),
    Case("an empty object", post("{}"), 400, NO_QUERY),
    Case("no query", post('{"query": null}'), 400, NO_QUERY),
    Case("an empty query", post('{"query": ""}'), 400, NO_QUERY),
    Case("upper case", post('{"QUERY": "{ __typename }"}'), 400, NO_QUERY),
    Case("persisted", post('{"extensions": {"persistedQuery": {"version": 1}}}'), 400, NO_QUERY),
    Case("query: number", post('{"query": 5}'), 400, "query must be a string."),
    Case("query: list", post('{"query": ["{ a }"]}'), 400, "query must be a string."),
    Case("query: object", post('{"query": {}}'), 400, "query must be a string."),
    Case("a key twice", member('"query": false'), 400, "query must be a string."),
    Case("variables: list", member('"variables": []'), 400, "variables must be an object."),
    Case("variables: string", member('"variables": "{}"'), 400, "variables must be an object."),
    Case("variables: false", member('"variables": false'), 400, "variables must be an object."),
    Case("operationName: 5", member('"operationName": 5'), 400, "operationName must be a string."),
    Case("operationName: {}", member('"operationName": {}'), 400,
         "operationName must be a string."),
    Case("extensions: string", member('"extensions": ""'), 400, "extensions must be an object."),
    Case("no such operation", member('"operationName": "B"'), 400, 'Unknown operation named "B".'),
    Case("empty operation", member('"operationName": ""'), 400, 'Unknown operation named "".'),
    Case("too large", post(OK.ljust(2**20 + 1)), 413, TOO_LONG),
    Case("compressed", post(OK).with_header("Content-Encoding", "gzip"), 415,
         "Send the request without Content-Encoding."),
]  # fmt: skip
DOCUMENTS = [
    Case("only spaces", query("  "), 400, NOT_READ + "Unexpected <EOF>."),
    Case("only a comment", query("# hello"), 400, NOT_READ + "Unexpected <EOF>."),
    Case("half a document", query("{"), 400, NOT_READ + "Expected Name, found <EOF>."),
    Case("a snowman", query("{ ☃ }"), 400, NOT_READ + "Unexpected character: U+2603."),
    Case("NUL escaped", query("{ a\0 }"), 400, NOT_READ + "Unexpected character: U+0000."),
    Case("a lone surrogate", query("{ a\ud800 }"), 400, NOT_READ + "Invalid character: U+D800."),
    Case("a lone surrogate in a string", query('{ upload(id: "\ud800") { id } }'), 400,
         NOT_READ + "Invalid character within String: U+D800."),
    Case("an escaped surrogate", query('{ upload(id: "\\ud800") { id } }'), 400,
         NOT_READ + r"Invalid Unicode escape sequence: '\ud800'."),
    Case("half a string", query('{ upload(id: "x) { id } }'), 400,
         NOT_READ + "Unterminated string."),
    Case("300 fields deep", query("{ a" * 300 + "}" * 300), 400, NO_LEVELS),
    Case("300 lists deep", query("{ uploads(first: " + "[" * 300 + "]" * 300), 400, NO_LEVELS),
    Case("300 types deep", query("query ($x: " + "[" * 300 + "]" * 300 + ")"), 400, NO_LEVELS),
    Case("10001 tokens", query("{ " + "a " * 10_001 + "}"), 400, TOO_MANY),
    Case("10001 comments", query("#\n" * 10_001 + "{ __typename }"), 400, TOO_MANY_LINES),
    Case("an integer of 5000 digits",
         query("{ uploads(first: " + "9" * 5000 + ") { edges { cursor } } }"),
         400, "Expected value of type 'Int'."),
    Case("an integer of 32 bits", query("{ uploads(first: 2147483648) { totalCount } }"), 400,
         "Int cannot represent non 32-bit signed integer value."),
    Case("an unknown field", query("{ nothing }"), 400,
         "Cannot query field 'nothing' on type 'Query'."),
    Case("an unknown type", query("{ ... on Nothing { a } }"), 400, "Unknown type 'Nothing'."),
    Case("an unknown directive", query("{ __typename @x }"), 400, "Unknown directive '@x'."),
    Case("an unknown fragment", query("{ ...A }"), 400, "Unknown fragment 'A'."),
    Case("a fragment cycle", query("{ ...A } fragment A on Query { ...A }"), 400,
         "Cannot spread fragment 'A' within itself."),
    Case("no argument", query("{ upload { id } }"), 400,
         "Argument 'Query.upload(id:)' of type 'ID!' is required, but it was not provided."),
    Case("no selection", query("{ viewer }"), 400,
         "Field 'viewer' of type 'User' must have a selection of subfields."),
    Case("an undefined variable", query("{ uploads(first: $x) { totalCount } }"), 400,
         "Variable '$x' is not defined."),
    Case("a definition of a type", query("type A { a: Int }"), 400,
         "Can't get GraphQL operation type"),
    Case("a subscription", query("subscription { a }"), 400,
         "The subscription operation is not supported by the schema."),
    Case("two operations", query("query A { __typename } query B { __typename }"), 400,
         "The document has several operations: name the one to execute in operationName."),
    Case("a wrong time", query('{ uploads(filter: {createdAfter: "x"}) { totalCount } }'), 400,
         "DateTime must be an RFC 3339 time with an offset, such as 2030-01-31T12:00:00Z."),
]  # fmt: skip
VARIABLES = [
    Case("a string", first("1"), 400, NO_INT),
    Case("a fraction", first(1.5), 400, NO_INT),
    Case("a boolean", first(True), 400, NO_INT),
    Case("a surrogate", first("\ud800"), 400, NO_INT),
    Case("300 lists", first(NESTED), 400, NO_INT),
    Case("1e400", post(json.dumps({"query": FIRST, "variables": {"f": 0}}).replace("0", "1e400")),
         400, NO_INT),
    Case("900000 characters", first("x" * 900_000), 400,
         NO_INT),
    Case("50000 too many", query(FIRST, variables={"f": "x"} | {f"v{i}": i for i in range(50_000)}),
         400, NO_INT),
    Case("none", query(REQUEST), 400, "Variable '$i' has invalid value: "
         "Expected a value of non-null type 'RequestUploadInput!' to be provided."),
    Case("an unknown field", query(REQUEST, variables={
            "i": {"filename": "a", "contentType": "b", "size": 1, "$where": 1}
         }), 400, "Variable '$i' has invalid value: Expected value of type 'RequestUploadInput' "
         "not to include unknown field '$where'."),
    Case("a size of 2^53", query(REQUEST, variables={
            "i": {"filename": "a", "contentType": "b", "size": 2**53}
         }), 400, "Variable '$i' has invalid value at .size: ByteCount must be a whole number "
         "from 0 to 9007199254740991."),
]  # fmt: skip
HTTP = [
    *(Case(f"Content-Type: {value}", typed(value), 415, NO_TYPE) for value in (
        None, "", "*/*", "text/plain", "application/graphql", "application/jsonx", "x/json",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "\xe9",
        "application/json; charset=utf-16", "application/json, text/plain", "application/json;;",
    )),
    *(Case(name, method(name), 405, NO_METHOD) for name in (
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "get", "X",
    )),
    Case("an old client", post("{").with_header("Accept", JSON), 400, NO_JSON, LEGACY_ANSWER),
    Case("a browser", post("{").with_header("Accept", "text/html"), 400, NO_JSON, LEGACY_ANSWER),
    Case("Accept: \xff", post("{").with_header("Accept", "\xff"), 400, NO_JSON, LEGACY_ANSWER),
    Case("GET nothing", get("/graphql"), 400, NO_QUERY),
    Case("GET an empty query", get("/graphql?query="), 400, NO_QUERY),
    Case("GET variables", get("/graphql?query=%7Ba%7D&variables=%7B"), 400,
         "variables and extensions must be JSON."),
    Case("GET 20000 lists", get("/graphql?query=%7Ba%7D&variables=" + "[" * 20_000), 400,
         "variables and extensions must be JSON."),
    Case("GET a list", get("/graphql?query=%7Ba%7D&variables=[]"), 400,
         "variables must be an object."),
    Case("GET bad UTF-8", get("/graphql?query=%FF"), 400,
         NOT_READ + "Unexpected character: U+FFFD."),
    Case("GET twice", get("/graphql?query=%7B__typename%7D&query=%7B"), 400,
         NOT_READ + "Expected Name, found <EOF>."),
    Case("GET a mutation", get("/graphql?query=mutation%7Blogout%7BsessionsEnded%7D%7D"), 405,
         "Send this operation by POST."),
    *(Case(f"GET {path}", get(path), 404, "Not Found", JSON) for path in (
        "/nothing", "/graphql/", "//graphql", "/../graphql", "/%ff", "/graphql%00",
    )),
]  # fmt: skip
FRAMING = [
    Case("chunks of no JSON", framed(b"5\r\nhello\r\n0\r\n\r\n", CHUNKED), 400, NO_JSON),
    Case("too many chunks",
         framed((b"10000\r\n" + b" " * 65_536 + b"\r\n") * 17 + b"0\r\n\r\n", CHUNKED),
         413, TOO_LONG),
    Case("10 GiB announced", framed(b"", ("Content-Length", str(10 * 2**30))), 413, TOO_LONG),
    *(Case(name, framed(b"5\r\nhello\r\n0\r\n\r\n", *framing), 400, NO_HTTP, PLAIN)
      for name, *framing in (
        ("chunks and a length in words", ("Transfer-Encoding", "chunked"), ("Content-Length", "x")),
        ("gzip chunks", ("Transfer-Encoding", "gzip, chunked")),
        ("two lengths", ("Content-Length", "5"), ("Content-Length", "6")),
        ("a negative length", ("Content-Length", "-5")),
        ("a signed length", ("Content-Length", "+5")),
        ("a length in words", ("Content-Length", "five")),
        ("a length of 30 digits", ("Content-Length", "9" * 30)),
      )),
    Case("a chunk of length zz", framed(b"zz\r\n\r\n", CHUNKED), 400, NO_HTTP, PLAIN),
    Case("no host", framed(b"", ("X", "y")).with_header("Host", None), 400, NO_HTTP, PLAIN),
    Case("two hosts", framed(b"", ("Host", "b.test")), 400, NO_HTTP, PLAIN),
    Case("NUL in a header", framed(b"", ("X", "a\0b")), 400, NO_HTTP, PLAIN),
    Case("a space in a name", framed(b"", ("X Y", "z")), 400, NO_HTTP, PLAIN),
]  # fmt: skip
CASES = [*BODIES, *DOCUMENTS, *VARIABLES, *HTTP]
