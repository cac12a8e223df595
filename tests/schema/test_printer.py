"""The printed schema and its file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, is_specified_scalar_type

from gql_api.schema import printer


def _undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            yield name
        for member, definition in {
            **getattr(type_, "fields", {}),
            **getattr(type_, "values", {}),
        }.items():
            if not definition.description:
                yield f"{name}.{member}"
            for argument, described in getattr(definition, "args", {}).items():
                if not described.description:
                    yield f"{name}.{member}({argument})"


def test_everything_is_described() -> None:
    assert list(_undescribed(build_schema(printer.printed()))) == []


def test_what_lacks_a_description_is_found() -> None:
    schema = build_schema(
        '"." type Query { "." a: E  b("." c: Int, d: Int): U }'
        '"." enum E { "." F G } union U = Query "." input I { "." x: Int y: Int }'
    )
    assert sorted(_undescribed(schema)) == ["E.G", "I.y", "Query.b", "Query.b(d)", "U"]


def test_it_is_printed_the_same_in_every_process() -> None:
    code = "from gql_api.schema.printer import printed; print(printed(), end='')"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=printer.PATH.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
        ).stdout
        for seed in ("1", "2")
    }
    assert texts == {printer.printed()}


def test_the_file_is_current() -> None:
    assert printer.main(["--check"]) == 0


def test_a_stale_or_missing_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "schema.graphql"
    assert printer.main(["--check"], path) == 1
    assert "make schema" in capsys.readouterr().err
    assert printer.main([], path) == 0
    assert printer.main(["--check"], path) == 0
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert printer.main(["--check"], path) == 1
    assert capsys.readouterr().err.startswith("schema.graphql is out of date.")


def test_other_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert printer.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
