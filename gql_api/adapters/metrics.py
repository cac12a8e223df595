"""Writes metrics to standard output, from which CloudWatch Logs extracts them.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch User Guide. No request is
made, so a metric costs microseconds, and the log keeps every value. Powertools for AWS Lambda
writes the same format; docs/performance.md says what it would cost.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable

_MAX_VALUES = 100  # The format's limit for the values of one metric in a document.

_Dimensions = tuple[tuple[str, str], ...]


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")  # One write: a line must not be mixed with another.
    sys.stdout.flush()


class EmbeddedMetrics:
    """Collects values until `flush`, and writes one line for each combination of dimensions."""

    def __init__(
        self,
        namespace: str,
        write: Callable[[str], object] = _print,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._namespace = namespace
        self._write = write
        self._now = now
        self._counts: dict[_Dimensions, dict[str, float]] = {}
        self._seconds: dict[_Dimensions, dict[str, list[float]]] = {}

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """See `Metrics.count`."""
        counts = self._counts.setdefault(tuple(dimensions.items()), {})
        counts[name] = counts.get(name, 0) + value

    def duration(self, name: str, seconds: float, **dimensions: str) -> None:
        """See `Metrics.duration`."""
        durations = self._seconds.setdefault(tuple(dimensions.items()), {})
        values = durations.setdefault(name, [])
        values.append(seconds)
        if len(values) == _MAX_VALUES:
            self.flush()

    def flush(self) -> None:
        """See `MetricsWriter.flush`."""
        counts, self._counts = self._counts, {}
        seconds, self._seconds = self._seconds, {}
        for dimensions in counts | seconds:
            line = self._document(
                dict(dimensions), counts.get(dimensions, {}), seconds.get(dimensions, {})
            )
            with contextlib.suppress(OSError, ValueError):  # Standard output is closed.
                self._write(line)

    def _document(
        self,
        dimensions: dict[str, str],
        counts: dict[str, float],
        seconds: dict[str, list[float]],
    ) -> str:
        metrics = [{"Name": name, "Unit": "Count"} for name in counts]
        metrics += [{"Name": name, "Unit": "Seconds"} for name in seconds]
        directive = {
            "Namespace": self._namespace,
            "Dimensions": [list(dimensions)],
            "Metrics": metrics,
        }
        metadata = {"Timestamp": int(self._now() * 1000), "CloudWatchMetrics": [directive]}
        return json.dumps({"_aws": metadata, **dimensions, **counts, **seconds})
