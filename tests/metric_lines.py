"""Reads the metric lines that the service writes to standard output."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any


class MetricLines(list[str]):
    """Lines of the embedded metric format."""

    @classmethod
    def of(cls, output: str) -> MetricLines:
        """Return the metric lines among the lines of an output."""
        return cls(line for line in output.splitlines() if line.startswith('{"_aws"'))

    def counts(self, name: str) -> dict[tuple[str, ...], float]:
        """Return the sum of a metric's values, by the values of its dimensions."""
        return {key: sum(values) for key, values in self._values(name).items()}

    def values(self, name: str) -> list[float]:
        """Return the values of a metric without dimensions."""
        return self._values(name)[()]

    def properties(self) -> list[dict[str, Any]]:
        """Return what the lines of requests say besides metrics."""
        found = []
        for document in map(json.loads, self):
            directives = document.pop("_aws")["CloudWatchMetrics"]
            for directive in directives:
                for name in (*directive["Dimensions"][0], *_names(directive)):
                    del document[name]
            found += [document] if document else []
        return found

    def namespaces(self) -> set[str]:
        """Return the namespaces of all metrics."""
        return {directive["Namespace"] for line in self for directive in _directives(line)}

    def _values(self, name: str) -> dict[tuple[str, ...], list[float]]:
        found: dict[tuple[str, ...], list[float]] = defaultdict(list)
        for line in self:
            document = json.loads(line)
            for directive in _directives(line):
                if name in _names(directive):
                    [dimensions] = directive["Dimensions"]
                    values = document[name]
                    key = tuple(document[dimension] for dimension in dimensions)
                    found[key] += values if isinstance(values, list) else [values]
        return found


def _directives(line: str) -> Iterable[Any]:
    directives: Iterable[Any] = json.loads(line)["_aws"]["CloudWatchMetrics"]
    return directives


def _names(directive: Any) -> list[str]:
    return [metric["Name"] for metric in directive["Metrics"]]
