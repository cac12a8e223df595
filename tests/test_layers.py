"""Which packages and libraries each package may import; docs/architecture.md shows the table.

Every import counts, including those inside functions and those for type checking only.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Layer:
    """What the modules of a layer may import besides the standard library and each other.

    `libraries` has packages, or single modules if the rest of their package is not allowed.
    """

    layers: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()


def layer(*layers: str, libraries: tuple[str, ...] = ()) -> Layer:
    return Layer(frozenset(layers), frozenset(libraries))


DOMAIN, SERVICES, SCHEMA = "gql_api.domain", "gql_api.services", "gql_api.schema"
ENGINE, COST, HTTP = "gql_api.schema.engine", "gql_api.schema.cost", "gql_api.http"
CONNECTIONS = "gql_api.connections"
SETTINGS, LOGS, BOOTSTRAP = "gql_api.settings", "gql_api.logs", "gql_api.bootstrap"
ENVIRONMENT = "gql_api.environment"
CONTAINER, OPERATORS = "gql_api.container", "gql_api.operators"
WEBHOOK_BUILDER = "gql_api.webhook_builder"
ADAPTERS = tuple(
    f"gql_api.adapters.{name}"
    for name in (
        "mongo",
        "s3",
        "passwords",
        "read_queues",
        "media_queues",
        "relay_queues",
        "webhook_queues",
        "tokens",
        "metrics",
    )
)

LAYERS = {
    DOMAIN: layer(),
    SERVICES: layer(DOMAIN),
    # Only one adapter imports each third-party library.
    "gql_api.adapters": layer(),
    "gql_api.adapters.mongo": layer(DOMAIN, libraries=("pymongo", "bson")),
    "gql_api.adapters.s3": layer(
        DOMAIN, libraries=("boto3", "botocore", "mypy_boto3_s3", "urllib3")
    ),
    "gql_api.adapters.passwords": layer(DOMAIN, libraries=("passlib", "argon2")),
    # Gets its boto3 client from adapters.s3.
    "gql_api.adapters.sqs": layer(),
    "gql_api.adapters.read_queues": layer(DOMAIN, "gql_api.adapters.sqs"),
    "gql_api.adapters.media_queues": layer(DOMAIN, "gql_api.adapters.sqs"),
    "gql_api.adapters.relay_queues": layer(DOMAIN, "gql_api.adapters.sqs"),
    "gql_api.adapters.webhook_queues": layer(DOMAIN, "gql_api.adapters.sqs"),
    "gql_api.adapters.webhooks": layer(DOMAIN, libraries=("standardwebhooks", "h11")),
    "gql_api.adapters.tokens": layer(DOMAIN, libraries=("jose",)),
    "gql_api.adapters.metrics": layer(DOMAIN),
    "gql_api.adapters.oidc": layer(DOMAIN, libraries=("joserfc",)),
    # No layer may import it but the process that decodes: it has libraries that others lack.
    "gql_api.adapters.media": layer(DOMAIN, libraries=("PIL", "pi_heif", "av", "pypdfium2")),
    SCHEMA: layer(
        DOMAIN,
        SERVICES,
        ENGINE,
        COST,
        libraries=("strawberry", "graphql"),
    ),
    ENGINE: layer(libraries=("strawberry", "graphql")),
    COST: layer(DOMAIN, SERVICES, libraries=("graphql",)),
    HTTP: layer(
        DOMAIN,
        SERVICES,
        SCHEMA,
        COST,
        CONTAINER,
        libraries=("starlette", "strawberry"),
    ),
    ENVIRONMENT: layer(DOMAIN),
    SETTINGS: layer(DOMAIN, SERVICES, ENVIRONMENT),
    LOGS: layer(SERVICES),
    CONTAINER: layer(DOMAIN, SERVICES, *ADAPTERS, SETTINGS),
    CONNECTIONS: layer(DOMAIN, SERVICES, *ADAPTERS, SETTINGS),
    BOOTSTRAP: layer(
        DOMAIN, SERVICES, *ADAPTERS, SETTINGS, LOGS, CONTAINER, CONNECTIONS, "gql_api.issuers"
    ),
    WEBHOOK_BUILDER: layer(
        DOMAIN,
        SERVICES,
        "gql_api.adapters.mongo",
        "gql_api.adapters.webhooks",
        SETTINGS,
        CONTAINER,
        BOOTSTRAP,
    ),
    OPERATORS: layer(
        DOMAIN,
        SERVICES,
        *ADAPTERS,
        SETTINGS,
        CONTAINER,
        CONNECTIONS,
        BOOTSTRAP,
        WEBHOOK_BUILDER,
    ),
    "gql_api.issuers": layer(
        DOMAIN, SERVICES, SETTINGS, "gql_api.adapters.mongo", "gql_api.adapters.oidc"
    ),
    "gql_api.sqs_batches": layer(DOMAIN),
    "gql_api.custom_resource": layer(),
    # The media function knows neither the database nor GraphQL.
    "gql_api.worker_settings": layer(DOMAIN, ENVIRONMENT, SETTINGS),
    "gql_api.media_worker": layer(
        DOMAIN,
        SERVICES,
        "gql_api.adapters.media",
        "gql_api.adapters.s3",
        ENVIRONMENT,
        LOGS,
        "gql_api.worker_settings",
        "gql_api.media_server",
        "gql_api.sqs_batches",
        libraries=("mangum",),
    ),
    "gql_api.media_server": layer(DOMAIN),
    "gql_api.lambda_environment": layer(DOMAIN, SETTINGS, CONTAINER, BOOTSTRAP),
    "gql_api.lambda_handlers": layer(
        DOMAIN,
        SERVICES,
        HTTP,
        LOGS,
        CONTAINER,
        "gql_api.lambda_environment",
        BOOTSTRAP,
        OPERATORS,
        WEBHOOK_BUILDER,
        "gql_api.issuers",
        "gql_api.custom_resource",
        "gql_api.sqs_batches",
        libraries=("mangum",),
    ),
    "gql_api.admin": layer(
        DOMAIN, SERVICES, ENVIRONMENT, SETTINGS, LOGS, CONTAINER, BOOTSTRAP, OPERATORS
    ),
    # Starts the servers, so it talks to them directly.
    "local": layer(
        HTTP,
        ENVIRONMENT,
        SETTINGS,
        LOGS,
        CONTAINER,
        BOOTSTRAP,
        OPERATORS,
        WEBHOOK_BUILDER,
        "gql_api.admin",
        libraries=(
            "starlette",
            "uvicorn",
            "h11",
            "pymongo",
            "boto3",
            "botocore",
            "mypy_boto3_s3",
            "dotenv",
        ),
    ),
    # Builds and deploys the service, so it imports nothing of it.
    "deploy": layer(libraries=("boto3", "botocore", "mypy_boto3_s3")),
}


@cache
def modules() -> Mapping[str, Path]:
    """Return the path of every module by its name; `__init__` has the name of its package."""
    found = {}
    for top in ("gql_api", "local", "deploy"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def layer_of(name: str) -> str | None:
    """Return the innermost layer that contains a module or an imported name."""
    return max((layer for layer in LAYERS if is_within(name, layer)), key=len, default=None)


def is_within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def imports(source: str) -> Iterator[str]:
    """Yield the dotted name of each import; `a.b` for `from a import b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def violations(module: str, source: str) -> list[str]:
    """Return the imports of a module that its layer does not allow."""
    home = layer_of(module)
    if home is None:
        return list(imports(source))
    allowed = LAYERS[home]
    wrong = []
    for name in imports(source):
        top = name.partition(".")[0]
        layer = layer_of(name)
        if top in sys.stdlib_module_names or any(is_within(name, it) for it in allowed.libraries):
            continue
        if layer is None or layer not in {home, *allowed.layers}:
            wrong.append(name)
    return wrong


def import_graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Map each module to the modules that it imports, wherever the import stands."""
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        names = {name if name in sources else name.rpartition(".")[0] for name in imports(source)}
        graph[module] = names & sources.keys()
    return graph


def test_there_is_no_import_cycle() -> None:
    graph = import_graph(
        {name: path.read_text(encoding="utf-8") for name, path in modules().items()}
    )
    assert "gql_api.schema.documents" in graph["gql_api.schema.schema"]
    TopologicalSorter(graph).prepare()


def test_a_cycle_is_found() -> None:
    sources = {"a.x": "from a import y", "a.y": "def f():\n    from a.x import name"}
    with pytest.raises(CycleError):
        TopologicalSorter(import_graph(sources)).prepare()


def test_every_module_has_a_home() -> None:
    homeless = [name for name in modules() if layer_of(name) is None]
    assert homeless == ["gql_api"]
    assert list(imports((ROOT / "gql_api/__init__.py").read_text())) == []


def test_every_layer_has_modules() -> None:
    assert {layer_of(name) for name in modules()} == {None, *LAYERS}


@pytest.mark.parametrize("module", list(modules()))
def test_imports(module: str) -> None:
    assert violations(module, modules()[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("gql_api.domain.x", "import gql_api.services.uploads", ["gql_api.services.uploads"]),
        ("gql_api.domain.x", "def f():\n    import pymongo", ["pymongo"]),
        (
            "gql_api.services.x",
            "from gql_api.adapters import mongo",
            ["gql_api.adapters.mongo"],
        ),
        ("gql_api.services.x", "from gql_api import settings", ["gql_api.settings"]),
        ("gql_api.services.x", "import os, boto3", ["boto3"]),
        ("gql_api.services.x", "from . import uploads", ["..uploads"]),
        ("gql_api.adapters.x", "import pymongo", ["pymongo"]),
        ("gql_api.adapters.mongo.x", "import strawberry.asgi", ["strawberry.asgi"]),
        ("gql_api.adapters.mongo.x", "from botocore import errors", ["botocore.errors"]),
        (
            "gql_api.adapters.s3.x",
            "from gql_api.adapters.mongo import database",
            ["gql_api.adapters.mongo.database"],
        ),
        ("gql_api.schema.x", "from jose import jwt", ["jose.jwt"]),
        ("gql_api.http.app", "if TYPE_CHECKING:\n    from passlib import hash", ["passlib.hash"]),
        ("gql_api.domainx", "import json", ["json"]),
        ("local.x", "from gql_api.domain import ids", ["gql_api.domain.ids"]),
        ("gql_api.schema.x", "import strawberry\nfrom gql_api.domain import ids", []),
    ],
)
def test_what_is_forbidden_is_found(module: str, source: str, wrong: list[str]) -> None:
    assert violations(module, source) == wrong
