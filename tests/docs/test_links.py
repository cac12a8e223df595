"""Every link, make target and file named in the documents exists."""

from __future__ import annotations

import re

import pytest

from tests.docs.markdown import ROOT, read

DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")),
]
LINK = re.compile(r"\]\(([^)#\s:]*)(?:#([^)\s]*))?\)")
PATH = re.compile(r"`((?:gql_api|local|tests|client|benchmarks|docs)/[\w./-]+)`")


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    broken = []
    for path, anchor in LINK.findall(read(document)):
        target = folder / path if path else ROOT / document
        is_broken = not target.exists() or (
            anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
        )
        if is_broken:
            broken.append(f"{path}#{anchor}")

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    targets |= {
        f"bench-{name}" for name in re.findall(r"^BENCHMARKS := (.*)$", makefile, re.M)[0].split()
    }
    targets |= {
        name for line in re.findall(r"^([a-z -]+):", makefile, re.M) for name in line.split()
    }

    named = set(re.findall(r"(?:`|^\$ )make ([a-z-]+)", read(document), re.MULTILINE))

    assert named - targets == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_exist(document: str) -> None:
    paths = PATH.findall(read(document))

    assert [path for path in paths if not (ROOT / path).exists()] == []
