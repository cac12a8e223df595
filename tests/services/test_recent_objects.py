"""The objects that a process remembers."""

from __future__ import annotations

from gql_api.services.recent_objects import RecentObjects


def test_an_object_is_remembered_by_key_and_etag() -> None:
    recent = RecentObjects()
    recent.add("k", '"e"')
    assert recent.has("k", "e")
    assert not recent.has("k", "other")
    assert not recent.has("other", "e")
    assert not recent.has("other", None)
    recent.discard("k")
    assert not recent.has("k", "e")


def test_a_thousand_objects_are_remembered() -> None:
    recent = RecentObjects()
    for number in range(1001):
        recent.add(f"k{number}", "e")
    assert [number for number in range(1001) if not recent.has(f"k{number}", "e")] == [0]
