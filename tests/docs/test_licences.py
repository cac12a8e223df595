"""docs/architecture.md, "Licences of the decoders", names exactly what the wheels contain."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import PurePath

import av

from deploy import package
from tests.docs.markdown import read, section, table
from tests.security.test_supply_chain import locked

LICENCES = section(read("docs/architecture.md"), "Licences of the decoders")


def decoders() -> dict[str, str]:
    """Return the versions of what only the media function has installed."""
    media, service = locked(package.MEDIA.lock), locked(package.SERVICE.lock)
    return {name: version for name, version in media.items() if name not in service}


def bundled(name: str) -> set[str]:
    """Return the names of the shared libraries in an installed wheel, without their versions."""
    files = importlib.metadata.files(name) or []
    found = [file.name for file in map(PurePath, files) if re.match(r"lib.*\.so", file.name)]
    return {re.sub(r"(-[0-9a-f]{8})?\.so.*", "", file) for file in found}


def libraries_by_licence() -> dict[str, set[str]]:
    return {row[0]: set(re.findall(r"lib[\w-]+", row[1])) for row in table(LICENCES, "licence")}


def test_each_decoder_is_listed_in_its_locked_version() -> None:
    listed = {row[0]: row[1] for row in table(LICENCES, "decoder")}
    assert listed == decoders()


def test_the_licences_are_those_of_the_installed_packages() -> None:
    for name, _, licence, _ in table(LICENCES, "decoder"):
        metadata = importlib.metadata.metadata(name)
        [declared] = {metadata[it] for it in ("License-Expression", "License") if it in metadata}
        assert all(word in declared for word in licence.split(" or ")), (name, declared)


def test_each_bundled_library_is_listed_once() -> None:
    listed = [name for names in libraries_by_licence().values() for name in names]
    assert len(listed) == len(set(listed))
    found = set().union(*map(bundled, decoders()))
    # Intel's libvpl is in the wheels for x86-64 only.
    assert found | {"libvpl"} == set(listed)


def test_ffmpeg_is_not_configured_for_the_gpl_but_linked_with_it() -> None:
    libraries = av._core.library_meta.values()
    assert {library["license"] for library in libraries} == {"LGPL version 3 or later"}
    for library in libraries:
        assert "--enable-gpl" not in library["configuration"]
        assert "--enable-version3" in library["configuration"]
    assert libraries_by_licence()["GPL 2 or later"] == {"libx264", "libx265"} <= bundled("av")
