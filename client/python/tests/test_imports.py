"""The modules of the package import each other without cycles, and slow ones only when needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import media_client

PACKAGE = Path(media_client.__file__).parent


def _modules(package: Path) -> dict[str, Path]:
    """Return the files of a package by module name. A package's name means its `__init__`."""
    files = {}
    for file in package.rglob("*.py"):
        parts = file.relative_to(package.parent).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return files


def _imported_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield every import as (module, name), including those in functions and TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not resolved here"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _import_graph(package: Path) -> dict[str, set[str]]:
    """Map each module to the modules that its import statements name.

    Importing `a.b` also runs `a/__init__.py`. That does not count as an edge: otherwise every
    package whose `__init__` imports its modules would be a cycle.
    """
    files = _modules(package)
    graph: dict[str, set[str]] = {}
    for module, file in files.items():
        names = _imported_names(ast.parse(file.read_text(encoding="utf-8")))
        targets = {
            f"{source}.{name}" if f"{source}.{name}" in files else source for source, name in names
        }
        graph[module] = targets & set(files)
    return graph


def _assert_no_cycle(graph: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"Import cycle: {' -> '.join(error.args[1])}")


def test_the_package_has_no_import_cycle() -> None:
    graph = _import_graph(PACKAGE)
    assert graph["media_client.transfer.engine"] >= {"media_client.transfer.tickets"}
    _assert_no_cycle(graph)


def test_http_depends_on_little_else_of_the_package() -> None:
    graph = _import_graph(PACKAGE)
    outside = set()
    for module, targets in graph.items():
        if module.startswith("media_client.http"):
            outside |= {it for it in targets if not it.startswith("media_client.http")}
    names = ("backoff", "errors", "positional", "version")
    assert outside == {f"media_client.{name}" for name in names}


def test_help_and_completion_do_not_wait_for_slow_imports() -> None:
    slow = {"urllib3", "urllib.request", "rich", "awscrt", "asyncio"}
    code = f"import media_client.cli.main, sys; print({slow!r} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


@pytest.mark.parametrize(
    "hidden",
    [
        "from sample.first import A",
        "def late():\n    from sample import first",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sample.first",
    ],
    ids=["plain", "in a function", "for type checking"],
)
def test_a_cycle_is_found_wherever_the_import_stands(tmp_path: Path, hidden: str) -> None:
    package = tmp_path / "sample"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "first.py").write_text("from sample import second\n")
    (package / "second.py").write_text(f"{hidden}\n")
    with pytest.raises(pytest.fail.Exception, match="Import cycle"):
        _assert_no_cycle(_import_graph(package))
