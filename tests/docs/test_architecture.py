"""Checks the layer table and the folder tree of docs/architecture.md against the code."""

from __future__ import annotations

import re

from tests.docs.markdown import ROOT, code_blocks, read, section, table
from tests.test_layers import LAYERS

TEXT = read("docs/architecture.md")


def test_the_layer_table_is_the_enforced_one() -> None:
    documented = {
        package: (names(layers), names(libraries))
        for package, layers, libraries in table(TEXT, "package")
    }

    assert documented == {name: (layer.layers, layer.libraries) for name, layer in LAYERS.items()}


def names(cell: str) -> frozenset[str]:
    """Return the names in a cell of the table; a dash means none."""
    return frozenset(re.findall(r"[\w.]+", cell))


def test_the_tree_shows_every_folder_of_the_service() -> None:
    [tree] = code_blocks(section(TEXT, "Folders"), "text")
    shown = set(re.findall(r"([\w.]+(?:/[\w.]+)*/)(?= |$)", tree, re.MULTILINE))
    packages = {path.parent for path in (ROOT / "gql_api").rglob("__init__.py")}

    assert {f"{path.name}/" for path in packages} <= shown
    others = {"local/", "deploy/", "client/js/", "client/web/", "client/python/", "benchmarks/"}
    assert others | {"tests/"} <= shown
    listed = set(re.findall(r"\w+\.py", tree))
    assert {path.name for path in (ROOT / "gql_api").glob("*.py")} - {"__init__.py"} <= listed
