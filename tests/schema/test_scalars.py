"""ByteCount and DateTime, as literals, as variables and in responses."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from graphql import GraphQLError, GraphQLScalarType, parse_value

from gql_api.schema.schema import create_schema
from tests.api import new_user

MAX = 2**53 - 1


def _scalar(name: str) -> GraphQLScalarType:
    # Strawberry has no public access to the graphql-core schema that it builds.
    scalar = create_schema(introspection=True)._schema.type_map[name]
    assert isinstance(scalar, GraphQLScalarType)
    return scalar


BYTE_COUNT = _scalar("ByteCount")
DATE_TIME = _scalar("DateTime")


@pytest.mark.parametrize("value", [0, 1, MAX])
def test_byte_counts(value: int) -> None:
    assert BYTE_COUNT.parse_value(value) == value
    assert BYTE_COUNT.parse_literal(parse_value(str(value))) == value
    assert BYTE_COUNT.serialize(value) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("1000.0", 1000), ("1e3", 1000), ("-0.0", 0), ("9007199254740991.0", MAX)],
)
def test_byte_counts_in_the_form_of_a_double(written: str, value: int) -> None:
    for count in (
        BYTE_COUNT.parse_value(float(written)),
        BYTE_COUNT.parse_literal(parse_value(written)),
    ):
        assert count == value
        assert type(count) is int


@pytest.mark.parametrize(
    "value", [-1, MAX + 1, 2**63, 0.5, 1e16, math.nan, math.inf, True, "1", None, [1], {}]
)
def test_what_is_no_byte_count(value: Any) -> None:
    for convert in (BYTE_COUNT.parse_value, BYTE_COUNT.serialize):
        with pytest.raises(GraphQLError, match=rf"whole number from 0 to {MAX}\."):
            convert(value)


@pytest.mark.parametrize(
    "literal", ["-1", str(MAX + 1), "9" * 5000, "1.5", "1e16", "1e400", "true", '"1"', "[1]"]
)
def test_what_is_no_byte_count_literal(literal: str) -> None:
    with pytest.raises(GraphQLError, match=rf"whole number from 0 to {MAX}\.") as raised:
        BYTE_COUNT.parse_literal(parse_value(literal))
    assert len(raised.value.message) < 200


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2030-01-31T12:00:00Z", datetime(2030, 1, 31, 12, tzinfo=UTC)),
        ("2030-01-31t12:00:00z", datetime(2030, 1, 31, 12, tzinfo=UTC)),
        ("2030-01-31 12:00:00+00:00", datetime(2030, 1, 31, 12, tzinfo=UTC)),
        ("2030-01-31T12:00:00.5+02:00", datetime(2030, 1, 31, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2030-01-31T23:30:00.123456-01:30", datetime(2030, 2, 1, 1, 0, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_times(text: str, time: datetime) -> None:
    for parsed in (DATE_TIME.parse_value(text), DATE_TIME.parse_literal(parse_value(f'"{text}"'))):
        assert parsed == time
        assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2030-01-31",
        "2030-01-31T12:00:00",
        "2030-01-31T12:00Z",
        "2030-02-30T12:00:00Z",
        "2030-01-31T25:00:00Z",
        "2030-01-31T12:00:00+25:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "20300131T120000Z",
        "2030-W05-4T12:00:00Z",
        "२०३०-01-31T12:00:00Z",
        "2030-01-31T12:00:00Z\n",
        "now",
        1896091200,
        None,
        True,
    ],
)
def test_what_is_no_time(value: Any) -> None:
    with pytest.raises(GraphQLError, match="RFC 3339 time with an offset, such as 20"):
        DATE_TIME.parse_value(value)


def test_a_number_is_no_time_as_a_literal_either() -> None:
    with pytest.raises(GraphQLError, match="RFC 3339"):
        DATE_TIME.parse_literal(parse_value("1896091200"))


def test_times_are_printed_in_utc_with_milliseconds() -> None:
    noon = datetime(2030, 1, 31, 12, tzinfo=timezone(timedelta(hours=2)))
    assert DATE_TIME.serialize(noon) == "2030-01-31T10:00:00.000Z"
    assert DATE_TIME.serialize(noon.replace(microsecond=987_654)) == "2030-01-31T10:00:00.987Z"


async def test_a_wrong_scalar_is_told_with_its_place(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    request = 'requestUpload(input: { filename: "a", contentType: "a/b", size: %s }) { __typename }'
    code, message = await ada.error(
        f"mutation ($size: ByteCount!) {{ {request % '$size'} }}", size=1.5
    )
    assert code == "BAD_USER_INPUT"
    assert message.startswith(
        "Variable '$size' has invalid value: ByteCount must be a whole number"
    )
    code, message = await ada.error(f"mutation {{ {request % '1.5'} }}")
    assert code == "GRAPHQL_VALIDATION_FAILED"
    assert message == f"ByteCount must be a whole number from 0 to {MAX}."
    code, message = await ada.error(
        "query ($f: UploadFilter) { uploads(filter: $f) { totalCount } }", f={"createdAfter": "now"}
    )
    assert code == "BAD_USER_INPUT"
    assert "at .createdAfter: DateTime must be" in message


async def test_sizes_beyond_32_bits_go_through(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(2**36)
    assert ticket["upload"]["size"] == 2**36
