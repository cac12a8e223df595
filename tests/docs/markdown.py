"""Reads sections, tables and code blocks of the project's Markdown documents."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def read(path: str) -> str:
    """Return the text of a document; `path` is relative to the repository's root."""
    return (ROOT / path).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """Return the text under a second-level heading."""
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def table(text: str, first_column: str) -> list[list[str]]:
    """Return the cells, without backticks, of the table whose first column has this heading.

    A cell that holds several code spans keeps their backticks.
    """
    body = text.split(f"\n| {first_column} |")[1].split("\n\n")[0]
    return [
        [
            cell.strip("`") if cell.count("`") == 2 else cell
            for cell in map(str.strip, line.split("|")[1:-1])
        ]
        for line in body.splitlines()[2:]
    ]


def code_blocks(text: str, language: str) -> list[str]:
    """Return the contents of the fenced code blocks in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
