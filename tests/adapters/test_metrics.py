"""The embedded metric format, as the Amazon CloudWatch User Guide specifies it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from gql_api.adapters.metrics import EmbeddedMetrics


class Lines(list[str]):
    """The lines that were written, and what they say."""

    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self]


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def metrics(lines: Lines) -> EmbeddedMetrics:
    return EmbeddedMetrics("media", lines.append, now=lambda: 1764.5)


def test_a_document(metrics: EmbeddedMetrics, lines: Lines) -> None:
    metrics.count("Files", Kind="image")
    metrics.count("Files", 2, Kind="image")
    metrics.duration("Age", 1.5, Kind="image")
    metrics.duration("Age", 0.25, Kind="image")
    assert lines == []
    metrics.flush()
    assert lines.documents() == [
        {
            "_aws": {
                "Timestamp": 1764500,
                "CloudWatchMetrics": [
                    {
                        "Namespace": "media",
                        "Dimensions": [["Kind"]],
                        "Metrics": [
                            {"Name": "Files", "Unit": "Count"},
                            {"Name": "Age", "Unit": "Seconds"},
                        ],
                    }
                ],
            },
            "Kind": "image",
            "Files": 3,
            "Age": [1.5, 0.25],
        }
    ]


def test_each_combination_of_dimensions_is_a_document(
    metrics: EmbeddedMetrics, lines: Lines
) -> None:
    metrics.count("All")
    metrics.count("Files", Kind="image")
    metrics.count("Files", Kind="video")
    metrics.flush({"id": "6f"})
    first, second = lines.documents()
    assert (first["Kind"], first["Files"], first["All"], first["id"]) == ("image", 1, 1, "6f")
    assert (second["Kind"], second["Files"]) == ("video", 1)
    dimensions = [
        [directive["Dimensions"] for directive in document["_aws"]["CloudWatchMetrics"]]
        for document in (first, second)
    ]
    assert dimensions == [[[["Kind"]], [[]]], [[["Kind"]]]]


def test_values_are_written_once(metrics: EmbeddedMetrics, lines: Lines) -> None:
    metrics.count("Files")
    metrics.flush()
    metrics.flush()
    assert len(lines) == 1


def test_a_metric_has_at_most_100_values(metrics: EmbeddedMetrics, lines: Lines) -> None:
    for _ in range(101):
        metrics.duration("Age", 1)
    metrics.flush()
    assert [len(document["Age"]) for document in lines.documents()] == [100, 1]


def test_without_standard_output_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stdout", closed)
    metrics = EmbeddedMetrics("media")
    metrics.count("Files")
    metrics.flush()
