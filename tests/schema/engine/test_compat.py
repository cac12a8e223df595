"""The engine refuses to start with libraries that lack the internals it relies on."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from graphql.execution.executor import Executor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gql_api.schema.engine import Engine, IncompatibleLibraryError, compat
from gql_api.schema.engine.executor import Executor as OurExecutor
from tests.schema.engine import world_of_types

METHODS = [name for name in compat.NAMES if name.parameters is not None]
OVERRIDES = [name for name in compat.NAMES if name.caller is not None]


def test_the_installed_libraries_are_compatible() -> None:
    compat.check()


@pytest.mark.parametrize("name", compat.NAMES, ids=lambda it: f"{it.owner.__name__}.{it.name}")
def test_a_name_that_is_gone_is_reported(
    name: compat.Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Renamed:
        """Stands for the library's class after its attributes were renamed."""

    Renamed.__name__ = name.owner.__name__
    names = tuple(it._replace(owner=Renamed) if it is name else it for it in compat.NAMES)
    monkeypatch.setattr(compat, "NAMES", names)
    with pytest.raises(IncompatibleLibraryError) as caught:
        compat.check()
    message = str(caught.value)
    assert name.owner.__name__ in message
    assert "graphql-core 3." in message
    assert "GRAPHQL_STOCK_EXECUTOR=true" in message


@pytest.mark.parametrize("name", METHODS, ids=lambda it: it.name)
def test_other_parameters_are_reported(name: compat.Name, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(self: object, something: object, *others: object) -> None: ...

    monkeypatch.setattr(name.owner, name.name, changed)
    with pytest.raises(IncompatibleLibraryError, match=rf"{name.name}.* parameters"):
        compat.check()


@pytest.mark.parametrize("name", OVERRIDES, ids=lambda it: it.name)
def test_a_method_that_is_not_called_any_more_is_reported(
    name: compat.Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a library renames a method and its callers, nothing calls our override any more."""

    def renamed(self: object) -> None: ...

    assert name.caller is not None
    monkeypatch.setattr(compat, "NAMES", (name,))
    monkeypatch.setattr(Executor, name.caller, renamed)
    with pytest.raises(IncompatibleLibraryError, match=f"no longer calls .*{name.name}"):
        compat.check()


def test_every_overridden_method_is_checked() -> None:
    overridden = {
        name
        for name, value in vars(OurExecutor).items()
        if callable(value) and hasattr(StrawberryGraphQLCoreExecutionContext, name)
    }
    assert overridden == {name.name for name in OVERRIDES} | {"__init__"}


def test_the_stock_executor_needs_no_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compat, "NAMES", (compat.Name(Executor, "no_such_name"),))
    with pytest.raises(IncompatibleLibraryError, match="no_such_name is missing"):
        Engine(world_of_types.schema())
    Engine(world_of_types.schema(), stock=True)


def test_the_document_names_the_installed_versions() -> None:
    text = Path(compat.__file__).with_name("DIFFERENCES.md").read_text(encoding="utf-8")
    tested = f"graphql-core {version('graphql-core')} and strawberry-graphql"
    assert f"Tested with {tested} {version('strawberry-graphql')}." in text
