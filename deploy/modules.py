"""Which modules a program of ours imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def needed_modules(root: Path, modules: Iterable[str]) -> set[Path]:
    """Return the files of all modules below `root` that these import, at any depth.

    Imports inside functions are followed; those for type checking only are not. The paths are
    relative to `root`.

    Raises:
        LookupError: one of `modules` is not there.
    """
    waiting = list(modules)
    missing = [name for name in waiting if _file(root, name) is None]
    if missing:
        raise LookupError(f"no module {', '.join(missing)} below {root}")
    found: set[Path] = set()
    while waiting:
        file = _file(root, waiting.pop())
        if file is None or file in found:
            continue
        found.add(file)
        # Importing a module imports all packages around it.
        waiting += [".".join(parent.parts) for parent in file.parents if parent.parts]
        waiting += _imports(ast.parse((root / file).read_text(encoding="utf-8")))
    return found


def _file(root: Path, name: str) -> Path | None:
    """Return the file of a module or package of ours; None if the name is not one of ours."""
    path = Path(*name.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in candidates if (root / file).is_file()), None)


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield each imported name that may be a module. All our imports are absolute."""
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            yield module
            yield from (f"{module}.{alias.name}" for alias in names)
        case ast.If(ast.Name("TYPE_CHECKING")):
            return
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)
