"""Writes REFERENCE.md from the signatures and docstrings of what the package exports.

`make reference` runs it; a test checks that the page is current.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import media_client
from media_client import errors

PATH = Path(__file__).with_name("REFERENCE.md")
_INTRODUCTION = """\
# Reference

What `media_client` exports, and `media_client.errors`. `make reference` writes this page from the
code. The [README](README.md) shows how the parts are used together, and `examples/` has whole
programs.
"""
_ASYNC = "AsyncMediaClient"


def reference() -> str:
    """Return the page."""
    lines = [_INTRODUCTION]
    for name in sorted(media_client.__all__, key=_order):
        value = getattr(media_client, name)
        if inspect.isclass(value):
            lines += _class(value)
    lines += ["## Errors\n", f"{_prose(inspect.getdoc(errors) or '')}\n"]
    for value in vars(errors).values():
        if inspect.isclass(value) and value.__module__ == errors.__name__:
            lines += _error(value)
    return "\n".join(lines).rstrip() + "\n"


def _order(name: str) -> tuple[int, str]:
    return (("MediaClient", _ASYNC).index(name) if name.endswith("MediaClient") else 2, name)


def _class(kind: type) -> Iterator[str]:
    yield f"## {kind.__name__}\n"
    if issubclass(kind, enum.Enum):
        yield f"{_prose(inspect.getdoc(kind) or '')}\n"
        yield from (f"- `{member.name}`" for member in kind)
        yield ""
        return
    if not getattr(kind, "_is_protocol", False):
        yield _code(f"{kind.__name__}{_signature(kind)}")
    yield f"{_prose(inspect.getdoc(kind) or '')}\n"
    for name, member in _members(kind):
        yield from _member(name, member)


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties, those of the base classes included."""
    seen: set[str] = set()
    for base in kind.__mro__[:-1]:
        for name, member in vars(base).items():
            plain = inspect.isroutine(member) or isinstance(member, property | classmethod)
            # The coroutines of AsyncMediaClient are described as the methods of MediaClient.
            repeats = inspect.iscoroutinefunction(member)
            if plain and not repeats and not name.startswith("_") and name not in seen:
                seen.add(name)
                yield name, member


def _member(name: str, member: Any) -> Iterator[str]:
    yield f"### {name}\n"
    if not isinstance(member, property):
        function = getattr(member, "__func__", member)
        yield _code(f"{name}{_signature(function)}")
    yield f"{_prose(inspect.getdoc(member) or '')}\n"


def _error(kind: type) -> Iterator[str]:
    yield f"### {kind.__name__}\n"
    fields = [name for name in inspect.get_annotations(kind) if name.islower()]
    code = getattr(kind, "CODE", "")
    yield f"{_prose(inspect.getdoc(kind) or '')}\n"
    if code:
        yield f"Code: `{code}`.\n"
    if fields:
        yield f"Attributes: {', '.join(f'`{name}`' for name in fields)}.\n"


def _signature(function: Any) -> str:
    """Format a signature, with one parameter per line if it is long."""
    signature = inspect.signature(function)
    kept = [value for name, value in signature.parameters.items() if name not in ("self", "cls")]
    text = str(signature.replace(parameters=kept)).replace("'", "")
    if len(text) < 80:
        return text
    lines = [_parameter(parameter) for parameter in kept]
    keyword_only = [parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in kept]
    if True in keyword_only:
        lines.insert(keyword_only.index(True), "*")
    result = text[text.rindex(") ->") :] if ") ->" in text else ")"
    return "(\n" + "".join(f"    {line},\n" for line in lines) + result


def _parameter(parameter: inspect.Parameter) -> str:
    """Format a parameter, with its default as one writes it."""
    text = str(parameter).replace("'", "")
    text = re.sub(r"<(\w+\.\w+): \w+>", r"\1", text)  # Members of enumerations.
    return re.sub(r" = (\w+)\(.*\)$", r" = \1()", text)  # Values that have defaults only.


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n"


def _prose(text: str) -> str:
    """Format a docstring: indented blocks stay as they are."""
    text = re.sub(r"\nRaises:\n((?: {4}.*\n?)+)", _raises, text)
    return re.sub(
        r"(?m)^((?:[├└│] .*\n?)+)", lambda found: f"```\n{found[1].rstrip()}\n```\n", text
    )


def _raises(found: re.Match[str]) -> str:
    entries = inspect.cleandoc(found[1])
    joined = re.sub(r"\n +", " ", entries)
    return "\nRaises:\n\n" + "\n".join(f"- {line}" for line in joined.splitlines())


if __name__ == "__main__":
    PATH.write_text(reference())
