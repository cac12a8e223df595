"""Names of graphql-core and Strawberry that the engine relies on and that they may rename.

Neither library documents them. A name that is only read fails loudly when it is missing; a method
that is overridden does not: the libraries would no longer call it, every answer would stay right,
and the engine would be slow or would keep growing. So all of them are checked at start-up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from graphql.execution.collect_fields import CollectedFields, FieldDetails, FragmentDetails
from graphql.execution.executor import Executor
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver


class IncompatibleLibraryError(RuntimeError):
    """An installed library lacks something that the engine relies on."""


class Name(NamedTuple):
    """An attribute of a class; `parameters` are those of a method, after `self`.

    `caller` is the method of the class that calls this one, which the engine overrides.
    """

    owner: Any
    name: str
    parameters: tuple[str, ...] | None = None
    caller: str | None = None


_ROOT_FIELDS = ("root_type", "root_value", "grouped_field_set", "serially", "new_defer_usages")
_FIELDS = ("parent_type", "source_value", "path", "grouped_field_set", "position_context")
_VALUE = ("return_type", "field_details_list", "info", "path", "result", "position_context")
_SUBFIELDS = ("return_type", "field_details_list", "path", "result", "position_context")
_EXECUTOR = (
    *("schema", "fragment_definitions", "fragments", "root_value", "context_value", "operation"),
    *("variable_values", "field_resolver", "type_resolver", "subscribe_field_resolver"),
)

NAMES = (
    Name(Executor, "__init__", _EXECUTOR),
    Name(Executor, "execute_operation"),
    Name(Executor, "execute_collected_root_fields", _ROOT_FIELDS, "execute_operation"),
    Name(Executor, "execute_fields", _FIELDS, "execute_collected_subfields"),
    Name(Executor, "complete_value", _VALUE, "execute_field"),
    Name(Executor, "collect_and_execute_subfields", _SUBFIELDS),
    Name(
        Executor,
        "handle_field_error",
        ("raw_error", "return_type", "field_details_list", "path"),
        "execute_field",
    ),
    Name(Executor, "collect_subfields", _SUBFIELDS[:2], "collect_and_execute_subfields"),
    Name(CollectedFields, "grouped_field_set"),
    Name(FieldDetails, "node"),
    Name(FragmentDetails, "definition"),
    Name(VariableValues, "coerced"),
    Name(GraphQLCoreConverter, "DEFINITION_BACKREF"),
    Name(Info, "_raw_info"),
    Name(StrawberryField, "base_resolver"),
    Name(StrawberryField, "is_async"),
    Name(StrawberryField, "is_basic_field"),
    Name(StrawberryObjectDefinition, "concrete_of"),
    Name(StrawberryObjectDefinition, "is_one_of"),
    Name(StrawberryResolver, "info_parameter"),
    Name(StrawberryResolver, "parent_parameter"),
    Name(StrawberryResolver, "root_parameter"),
    Name(StrawberryResolver, "self_parameter"),
)


def check() -> None:
    """Check every name in `NAMES`; takes about 0.1 ms.

    Raises:
        IncompatibleLibraryError: names the first that is missing or different, and the remedy.
    """
    if not issubclass(StrawberryGraphQLCoreExecutionContext, Executor):
        raise _incompatible("Strawberry's executor is no longer graphql-core's.")
    for name in NAMES:
        _check(name)


def _check(name: Name) -> None:
    title = f"{name.owner.__name__}.{name.name}"
    found = getattr(name.owner, name.name, None)
    if found is None and name.name not in getattr(name.owner, "__dataclass_fields__", {}):
        raise _incompatible(f"{title} is missing.")
    if name.parameters is not None and _parameters(found, len(name.parameters)) != name.parameters:
        raise _incompatible(f"{title} has other parameters than {', '.join(name.parameters)}.")
    if name.caller is not None and not _mentions(getattr(name.owner, name.caller, None), name.name):
        raise _incompatible(f"{name.caller} no longer calls {title}.")


def _parameters(function: Any, count: int) -> tuple[str, ...]:
    code = getattr(function, "__code__", None)
    return code.co_varnames[1 : code.co_argcount][:count] if code else ()


def _mentions(function: Any, name: str) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and name in code.co_names


def _incompatible(problem: str) -> IncompatibleLibraryError:
    from importlib.metadata import version  # Only a failure needs it, and it slows a cold start.

    libraries = ("graphql-core", "strawberry-graphql")
    versions = " and ".join(f"{name} {version(name)}" for name in libraries)
    return IncompatibleLibraryError(
        f"The GraphQL engine does not work with {versions}: {problem} Install the versions in "
        "requirements.lock, or set GRAPHQL_STOCK_EXECUTOR=true to run without the engine."
    )
