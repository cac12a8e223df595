"""Checks the tables of docs/configuration.md against `.env.example` and `requirements.txt`.

tests/test_env_example.py checks `.env.example` against the code, and
tests/security/test_supply_chain.py checks the lock file.
"""

from __future__ import annotations

import re

from tests.docs.markdown import read, table

TEXT = read("docs/configuration.md")


def test_the_settings_are_those_of_the_example() -> None:
    example = re.findall(r"^#?([A-Z0-9_]+)=(.*)$", read(".env.example"), re.MULTILINE)
    listed = dict(example)
    documented = {name: default for name, default, _ in table(TEXT, "setting")}

    assert set(documented) == set(listed)
    defaults = {name: default for name, default in documented.items() if default}
    assert defaults == {name: listed[name] for name in defaults}


def test_every_runtime_package_has_its_purpose() -> None:
    required = re.findall(r"^([\w-]+)==", read("requirements.txt"), re.MULTILINE)
    purposes = {row[0]: row[1] for row in table(TEXT, "package")}

    assert sorted(purposes) == sorted(required)
    assert all(purposes.values())
