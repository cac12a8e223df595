"""Prints the schema: `python -m gql_api.schema.printer` writes schema.graphql.

With `--check`, it writes nothing and fails if the file is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from strawberry.printer import print_schema

from gql_api.schema.schema import create_schema

PATH = Path(__file__).parents[2] / "schema.graphql"
HEADER = "# Printed from the code by `make schema`. Change the code, not this file.\n\n"


def printed() -> str:
    """Return the content of schema.graphql: the schema in SDL."""
    return f"{HEADER}{print_schema(create_schema(introspection=True))}\n"


def main(arguments: Sequence[str], path: Path = PATH) -> int:
    """Write or check the file; returns the exit status."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m gql_api.schema.printer [--check]\n")
        return 2
    if not arguments:
        path.write_text(printed(), encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == printed():
        return 0
    sys.stderr.write(f"{path.name} is out of date. Run `make schema` and commit it.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
