"""What a resolver learns about the selection of its value."""

from __future__ import annotations

import pytest
import strawberry
from graphql import parse

from gql_api.schema.engine import Engine, selects


@strawberry.type
class Page:
    rows: list[str]
    count: int
    next: Page | None = None


@strawberry.type
class Query:
    @strawberry.field
    def page(self, info: strawberry.Info) -> Page:
        found = selects(info, {"rows"})
        return Page(rows=[str(found)], count=int(found), next=Page(rows=[], count=-1))


ENGINE = Engine(strawberry.Schema(query=Query))

FRAGMENTS = (
    "fragment F on Page { ...G } fragment G on Page { rows } fragment H on Page { count next { ...F"
    " } }"
)


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("count", 0),
        ("count rows", 1),
        ("count other: rows", 1),
        ("rows: count", 0),
        ("count ... { ... on Page { rows } }", 1),
        ("...F count", 1),
        ("...H count", 0),
        ("count next { rows }", 0),
        ("count rows @skip(if: true)", 1),
        ("count ...F @include(if: false)", 1),
    ],
)
async def test_fields_of_the_value_itself_count(selected: str, expected: int) -> None:
    document = parse(f"query {{ page {{ {selected} }} }} {FRAGMENTS}")
    answer = await ENGINE.compile(document).execute(None, root_value=Query(), context_value=None)
    assert answer.data is not None
    values = answer.data["page"]
    assert values.get("count", values.get("rows")) == expected


async def test_all_nodes_of_a_merged_field_count() -> None:
    document = parse("{ page { count } page { rows } }")
    answer = await ENGINE.compile(document).execute(None, root_value=Query(), context_value=None)
    assert answer.data == {"page": {"count": 1, "rows": ["True"]}}
