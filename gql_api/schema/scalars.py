"""The custom scalars, and a helper for enum members."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import (
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    StringValueNode,
    ValueNode,
    print_ast,
)
from strawberry.types.scalar import ScalarDefinition

ByteCount = NewType("ByteCount", int)

_MAX_BYTES = 2**53 - 1
_NO_BYTE_COUNT = f"ByteCount must be a whole number from 0 to {_MAX_BYTES}."
_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def enum_member(name: str, description: str) -> Any:
    """Return a member of a schema enum. Its value is its name, as in the domain's enums."""
    return strawberry.enum_value(name, description=description)


def _byte_count(value: Any) -> ByteCount:
    # Many languages write whole numbers as doubles, such as 1000.0 or 1e3; up to the maximum, a
    # double is exact. Python treats true as 1, but a client that sends it has a bug.
    whole = type(value) is int or (type(value) is float and value.is_integer())
    if whole and 0 <= value <= _MAX_BYTES:
        return ByteCount(int(value))
    raise GraphQLError(_NO_BYTE_COUNT)


def _byte_count_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> ByteCount:
    # Python refuses to parse integers of more than 4300 digits; none that long is in range.
    if isinstance(node, IntValueNode) and len(node.value) <= len(str(_MAX_BYTES)):
        return _byte_count(int(node.value))
    if isinstance(node, FloatValueNode):
        return _byte_count(float(node.value))
    raise GraphQLError(_NO_BYTE_COUNT, node)


def _date_time(value: Any) -> datetime:
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # It looks like a time but does not exist, such as the 30th of February.
    raise GraphQLError(
        "DateTime must be an RFC 3339 time with an offset, such as 2030-01-31T12:00:00Z."
    )


def _date_time_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> datetime:
    return _date_time(node.value if isinstance(node, StringValueNode) else print_ast(node))


def _print_date_time(value: datetime) -> str:
    """Format a time with milliseconds, as JavaScript does, so that the strings sort by time."""
    return value.astimezone(UTC).isoformat("T", "milliseconds").removesuffix("+00:00") + "Z"


SCALARS: dict[object, ScalarDefinition] = {
    ByteCount: strawberry.scalar(
        name="ByteCount",
        description=(
            "A number of bytes: a whole JSON number from 0 to 9007199254740991 (2^53-1). Inputs "
            "may be written as 1000, 1000.0 or 1e3."
        ),
        serialize=_byte_count,
        parse_value=_byte_count,
        parse_literal=_byte_count_literal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A point in time in RFC 3339 format. Responses use UTC and milliseconds, such as "
            "2030-01-31T12:00:00.000Z; inputs may have any offset, but must have one."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_print_date_time,
        parse_value=_date_time,
        parse_literal=_date_time_literal,
    ),
}
