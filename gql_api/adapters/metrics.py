"""Writes metrics and the request log to standard output, where CloudWatch reads them.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch User Guide. CloudWatch Logs
extracts the metrics from the lines of a function's log, so no request is made. Powertools for AWS
Lambda writes the same format; docs/performance.md says what it would cost.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping

from gql_api.domain.metrics import NoMetrics

_MAX_VALUES = 100  # The format's limit for the values of one metric in a document.

_Dimensions = tuple[tuple[str, str], ...]


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")  # One write: a line must not be mixed with another.
    sys.stdout.flush()


class _Series:
    """The values of metrics with the same dimensions."""

    def __init__(self) -> None:
        self.counts: dict[str, float] = {}
        self.seconds: dict[str, list[float]] = {}

    def directive(self, namespace: str, dimensions: _Dimensions) -> dict[str, object]:
        """Return what tells CloudWatch to extract these metrics."""
        metrics = [{"Name": name, "Unit": "Count"} for name in self.counts]
        metrics += [{"Name": name, "Unit": "Seconds"} for name in self.seconds]
        names = [name for name, _ in dimensions]
        return {"Namespace": namespace, "Dimensions": [names], "Metrics": metrics}


class EmbeddedMetrics:
    """Collects values until `flush`, which writes a line for each combination of dimensions.

    Metrics without dimensions go into the first of these lines, so a request takes one line.
    `write` is called with each line; it may be replaced.
    """

    def __init__(
        self,
        namespace: str,
        write: Callable[[str], object] = _print,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.write = write
        self._namespace = namespace
        self._now = now
        self._series: dict[_Dimensions, _Series] = {}

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """See `Metrics.count`."""
        counts = self._series.setdefault(tuple(dimensions.items()), _Series()).counts
        counts[name] = counts.get(name, 0) + value

    def duration(self, name: str, seconds: float, **dimensions: str) -> None:
        """See `Metrics.duration`."""
        series = self._series.setdefault(tuple(dimensions.items()), _Series())
        values = series.seconds.setdefault(name, [])
        values.append(seconds)
        if len(values) == _MAX_VALUES:
            self.flush()

    def flush(self, properties: Mapping[str, object] | None = None) -> None:
        """See `MetricsWriter.flush`."""
        series, self._series = self._series, {}
        general = series.pop((), None)
        lines = [{dimensions: values} for dimensions, values in series.items()] or [{}]
        if general:
            lines[0][()] = general
        for line in filter(None, lines):
            with contextlib.suppress(OSError, ValueError):  # Standard output is closed.
                self.write(self._document(line, properties or {}))

    def _document(
        self, series: Mapping[_Dimensions, _Series], properties: Mapping[str, object]
    ) -> str:
        document: dict[str, object] = {
            "_aws": {
                "Timestamp": int(self._now() * 1000),
                "CloudWatchMetrics": [
                    values.directive(self._namespace, dimensions)
                    for dimensions, values in series.items()
                ],
            },
            **properties,
        }
        for dimensions, values in series.items():
            document.update({**dict(dimensions), **values.counts, **values.seconds})
        return json.dumps(document)


class RequestLog(NoMetrics):
    """Logs requests as JSON objects at level INFO, without metrics: for servers outside AWS."""

    _logger = logging.getLogger("gql_api.requests")

    def flush(self, properties: Mapping[str, object] | None = None) -> None:
        """See `MetricsWriter.flush`."""
        if properties and self._logger.isEnabledFor(logging.INFO):
            self._logger.info("%s", json.dumps(properties))
