"""Which files a sync considers: the last pattern that matches decides, as in `aws s3 sync`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from media_client.sync.paths import composed


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with `*`, `?` and `[…]`, and whether it includes or excludes what it matches.

    A pattern without `/` is compared with the name of the file and of each folder above it. A
    pattern with `/` is compared with the whole path; it also matches everything in a folder that it
    matches. `*` matches `/`, too.
    """

    include: bool
    pattern: str

    def __post_init__(self) -> None:
        if not self.pattern.strip("/"):
            raise ValueError(f"the pattern {self.pattern!r} matches no file")

    def matches(self, path: str) -> bool:
        """Return whether the pattern matches a path relative to the synced folder."""
        pattern = composed(self.pattern).rstrip("/")
        if "/" not in pattern:
            return any(fnmatchcase(name, pattern) for name in path.split("/"))
        pattern = pattern.removeprefix("./").lstrip("/")
        return fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern}/*")


@dataclass(frozen=True, slots=True)
class Filters:
    """The rules of a sync, in order. Without a matching rule, a file is included."""

    rules: Sequence[Rule] = ()

    def includes(self, path: str) -> bool:
        """Return whether the sync considers the file at this path."""
        decisive = (rule for rule in reversed(self.rules) if rule.matches(path))
        return next((rule.include for rule in decisive), True)

    def skips(self, folder: str) -> bool:
        """Return whether no file in this folder can be included, so that it need not be read."""
        for rule in reversed(self.rules):
            if rule.include:
                return False
            if rule.matches(folder):
                return True
        return False
