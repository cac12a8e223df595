"""Subjects and profiles of issuers."""

from __future__ import annotations

import pytest

from gql_api.domain.identities import Profile, is_subject, usable_profile


@pytest.mark.parametrize(
    "subject",
    ["1", "auth0|5f7c8ec7c33c6c004bbafe82", "x" * 255, "cn=Ada L,ou=x", "a\\b\"c'{}<>", "$ne", "…"],
)
def test_subjects(subject: str) -> None:
    assert is_subject(subject) is (subject != "…")


@pytest.mark.parametrize(
    "text",
    ["", " a", "a ", " ", "x" * 256, "a\n", "\na", "a\0b", "a\x7f", "ä", "a\ud800", "a\u202eb"],
)
def test_no_subjects(text: str) -> None:
    assert not is_subject(text)


@pytest.mark.parametrize(
    ("email", "name", "profile"),
    [
        ("ada@example.com", "Ada Lovelace", Profile("ada@example.com", "Ada Lovelace")),
        (None, None, Profile()),
        ("no address", "x" * 201, Profile()),
        (["ada@example.com"], {"$ne": 1}, Profile()),
        ("a\ud800@b.c", "a\0b", Profile()),
        ("", "", Profile()),
    ],
)
def test_what_is_not_valid_is_not_stored(email: object, name: object, profile: Profile) -> None:
    assert usable_profile(email, name) == profile
