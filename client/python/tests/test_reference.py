"""REFERENCE.md is what the code says."""

from __future__ import annotations

import runpy

from client.python.tests.service import PROJECT

import media_client
from media_client import errors

GENERATOR = runpy.run_path(str(PROJECT / "client/python/reference.py"))


def test_the_reference_is_current() -> None:
    page = (PROJECT / "client/python/REFERENCE.md").read_text()
    assert page == GENERATOR["reference"](), "Run `make reference`."


def test_it_has_every_class_and_error() -> None:
    headings = {
        line.lstrip("# ") for line in GENERATOR["reference"]().splitlines() if line[:1] == "#"
    }
    assert {*media_client.__all__} - {"VERSION"} <= headings
    kinds = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert {
        name for name in kinds if issubclass(getattr(errors, name), errors.MediaError)
    } <= headings
