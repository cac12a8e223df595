"""Documents that repeat one field, which validation compares in pairs.

`{ viewer{usage{bytes}} viewer{usage{bytes}} … }` with 200 repetitions has 4 KB and needs no login.
Validating it once took a second, and eight at once made other clients wait for five.
"""

from __future__ import annotations

import httpx
import pytest
from graphql import parse

from gql_api.http.negotiation import GRAPHQL
from gql_api.schema.cost import limits
from gql_api.schema.cost.repeats import repeats
from tests.api import PART, ROW, TRANSFER, failures, new_user
from tests.attacks.comparisons import compared

USAGE = "viewer { usage { bytes } } "


def times(count: int, text: str) -> str:
    """Repeat a text; # is the number of the repetition."""
    return " ".join(text.replace("#", str(number)) for number in range(count))


def fragments(count: int, body: str) -> str:
    """Return a document that spreads this many fragments at one place."""
    return f"{{ {times(count, '...F#')} }} {times(count, f'fragment F# on Query {{ {body} }}')}"


def chain(count: int) -> str:
    """Return a document with a fragment that spreads a fragment, and so on."""
    links = (f"fragment F{n} on Query {{ {USAGE} ...F{n + 1} }}" for n in range(count))
    return f"{{ ...F0 }} {' '.join(links)} fragment F{count} on Query {{ {USAGE} }}"


# Each repeats one field at one place.
REPEATED = {
    "fields": f"{{ {USAGE * 200} }}",
    "twice as many": f"{{ {USAGE * 400} }}",
    "leaves": f"{{ {'__typename ' * 2_000} }}",
    "nested": f"{{ viewer {{ usage {{ {'bytes ' * 2_000} }} }} }}",
    "few nested in few": f"{{ {('viewer { ' + 'usage { bytes } ' * 30 + '} ') * 30} }}",
    "an alias": f"{{ {'me: viewer { id } ' * 90} }}",
    "inline fragments": f"{{ {('... on Query { ' + USAGE + '} ') * 300} }}",
    "fragments": fragments(200, USAGE),
    "a chain of fragments": chain(200),
    "a fragment that nothing spreads": f"{{ id }} fragment F on Query {{ {USAGE * 200} }}",
    "a cycle that nothing spreads": f"{{ id }} fragment F on Query {{ {USAGE * 200} ...F }}",
    "another operation": f"query A {{ __typename }} query B {{ {USAGE * 200} }}",
    "a second fragment of a name": f"{{ ...F }} {'fragment F on Query { viewer { id } } ' * 200}",
    "a mutation": "mutation { "
    + 'completeUpload(id: "x") { ... on UserError { code } } ' * 200
    + "}",
}  # fmt: skip

# These compare pairs of fragments; no field is repeated.
COMPARED = {
    "fragments of different fields": f"{{ viewer {{ {times(500, '...F#')} }} }} "
    + times(500, "fragment F# on User { u# }"),
    "fragments without fields": f"{{ viewer {{ {times(300, '...F#')} }} }} "
    + times(300, "fragment F# on User { ...G# } fragment G# on User { u# }"),
}
ATTACKS = {**REPEATED, **COMPARED}


async def refused(client: httpx.AsyncClient, document: str) -> tuple[list[str], list[str]]:
    """Send a document that must be refused; return the codes and the messages of its errors."""
    name = "A" if document.startswith("query A") else None
    response = await client.post(
        "/graphql",
        json={"query": document, "operationName": name},
        headers={"Accept": GRAPHQL},
    )
    assert response.status_code == 400, response.text
    errors = response.json()["errors"]
    return [it["extensions"]["code"] for it in errors], [it["message"] for it in errors]


@pytest.mark.parametrize("attack", REPEATED)
async def test_repeated_fields_are_refused_before_validation(
    client: httpx.AsyncClient, attack: str
) -> None:
    with compared() as pairs:
        codes, [message] = await refused(client, REPEATED[attack])
    assert codes == ["QUERY_TOO_COMPLEX"]
    assert "root fields" in message or "fields with one name at one place" in message
    assert pairs.count == 0


@pytest.mark.parametrize("attack", COMPARED)
async def test_comparisons_are_bounded(client: httpx.AsyncClient, attack: str) -> None:
    with compared() as pairs:
        codes, messages = await refused(client, COMPARED[attack])
    assert "QUERY_TOO_COMPLEX" in codes, messages
    assert 0 < pairs.count <= limits.COMPARISONS


@pytest.mark.parametrize("attack", ATTACKS)
def test_counting_is_linear(attack: str) -> None:
    found = repeats(parse(ATTACKS[attack]))
    assert found.steps <= limits.SELECTIONS + 1


COMPONENTS = 12


async def test_clients_that_compose_fragments_pass(client: httpx.AsyncClient) -> None:
    """Apollo spreads one fragment per component, and adds `id` and `__typename` to each."""
    ada = await new_user(client)
    parts = (
        f"fragment C{n} on Upload {{ id __typename filename status ...Row "
        f"download(disposition: INLINE) {{ url expiresAt __typename }} }}"
        for n in range(COMPONENTS)
    )
    query = f"""
    {{ viewer {{ id __typename usage {{ bytes }} }} viewer {{ id username }}
      uploads(first: 20) {{ nodes {{ id {times(COMPONENTS, "...C#")} }}
                            edges {{ node {{ id {times(COMPONENTS, "...C#")} }} }} }} }}
    {" ".join(parts)} {ROW}
    """
    assert (await ada.data(query))["uploads"]["nodes"] == []


async def test_the_largest_documents_of_clients_need_a_fraction(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    one = f'c#: completeUpload(id: "#") {{ {failures("completeUpload")} ...Row ...Sent }}'
    query = f"mutation {{ {times(25, one)} }} {ROW} {TRANSFER} {PART}"
    with compared() as pairs:
        await ada.data(query)
    assert pairs.count < limits.COMPARISONS // 10
