"""Published documents that cost a server far more than their size.

Sources: GHSA-mfj6-6p54-m98c (Parse Server) for exponential fragment spreads; graphql-cop for
aliases, directives and circular introspection; CVE-2026-47706 (Strawberry) for cyclic fragments.
"""

from __future__ import annotations


def levels(count: int, body: str, field: str = "__typename") -> str:
    """Return a chain of fragments; NEXT in `body` is replaced by the name of the next fragment."""
    fragments = (
        f"fragment F{level} on Query {{ {body.replace('NEXT', f'F{level + 1}')} }}"
        for level in range(count)
    )
    return " ".join(["{ ...F0 }", *fragments, f"fragment F{count} on Query {{ {field} }}"])


BOMBS = {
    "80 levels": levels(80, "...NEXT ...NEXT"),
    "80 levels of aliases": levels(80, "a: viewer { ...NEXT } b: viewer { ...NEXT }"),
    "80 levels of fields": levels(80, "viewer { ...NEXT ...NEXT }"),
    "80 levels of inline fragments": levels(80, "... { ...NEXT } ... @skip(if: true) { ...NEXT }"),
    "a chain": levels(1200, "...NEXT"),
    "a chain of nested fields": levels(900, "viewer { ...NEXT }"),
    "a cycle of one": "{ ...A } fragment A on Query { ...A ...A }",
    "a cycle of two": "{ ...A } fragment A on Query { ...B b: viewer { ...B } }"
    " fragment B on Query { ...A ...A }",
    "a cycle of 500": levels(500, "...NEXT ...NEXT", "...F0"),
    "nested fragments": "{ " + "... { " * 190 + "__typename" + " }" * 191,
    "aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }",
    "aliases in a fragment": "{ "
    + " ".join(f"a{n}: viewer {{ ...F }}" for n in range(50))
    + " } fragment F on User { b: id c: username }",
    "one field 3000 times": "{ " + "__typename " * 3000 + "}",
    "one fragment 3000 times": "{ " + "...F " * 2500 + "} fragment F on Query { __typename }",
    "directives": "{ __typename " + "@aa " * 10 + "}",
    "1000 directives": "{ " + "__typename @skip(if: false) " * 1000 + "}",
    "directives in fragments": levels(80, "...NEXT @skip(if: false) ...NEXT @skip(if: false)"),
    "deep fields": "{ " + "viewer { " * 190 + "id" + " }" * 191,
    "circular introspection": "{ __schema { types { "
    + "fields { type { " * 10
    + "name"
    + " } } " * 10
    + "} } }",
    "introspection 80 levels": levels(
        80, "...NEXT ...NEXT", "__schema { types { fields { type { name } } } }"
    ),
    "introspection by aliases": "{ "
    + " ".join(
        f"a{n}: __schema {{ types {{ fields {{ args {{ type {{ name }} }} }} }} }}"
        for n in range(60)
    )
    + " }",
    "pages by aliases": "{ "
    + " ".join(
        f"a{n}: uploads(first: 100) {{ nodes {{ transfer {{ parts {{ url }} }} }} }}"
        for n in range(100)
    )
    + " }",
}
# Documents that the parser rejects before they are measured.
TOO_LONG = {
    "tokens": "{ " + "a " * 10_001 + "}",
    "operations": "query A { __typename } " * 2_500,
    "comments": "#\n" * 5_000 + "{ __typename }",
    "lines": "\n" * 400_000 + "{ " + "a " * 100 + "}",
    "old lines": "\r" * 5_000 + "{ __typename }",
}
