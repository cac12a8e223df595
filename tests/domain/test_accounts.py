import pytest

from gql_api.domain.accounts import email_flaw, fold_username, password_flaw, username_flaw


@pytest.mark.parametrize(
    "username", ["ada", "Ada.Lovelace", "a" * 64, "1-2_3@example+x", "ada@example.com"]
)
def test_good_usernames(username: str) -> None:
    assert username_flaw(username) is None


@pytest.mark.parametrize(
    "username",
    [
        "",
        "ab",
        "a" * 65,
        ".ada",
        "-ada",
        "ada lovelace",
        "ada\n",
        "ad\0a",
        "äda",
        "ΑDΑ",
        "ad\ud800",
    ],
)
def test_bad_usernames(username: str) -> None:
    assert username_flaw(username) is not None


def test_usernames_are_the_same_in_any_case() -> None:
    assert fold_username("Ada.L@EXAMPLE.com") == fold_username("ada.l@example.COM")


@pytest.mark.parametrize("password", ["8 chars.", "password", "ΑΒΓΔΕΖΗΘ", "😀" * 1024, "a b c d e"])
def test_good_passwords_need_no_composition(password: str) -> None:
    assert password_flaw(password) is None


@pytest.mark.parametrize("password", ["", "7 chars", "a" * 1025, " " * 8, "a\0" * 8, "\ud800" * 8])
def test_bad_passwords(password: str) -> None:
    assert password_flaw(password) is not None


@pytest.mark.parametrize("email", ["ada@example.com", "ada+x@müller.example", "a@b"])
def test_good_addresses(email: str) -> None:
    assert email_flaw(email) is None


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.com", "ada@", "a@b@c", "a b@c", "a@b\n", f"{'a' * 253}@b"]
)
def test_bad_addresses(email: str) -> None:
    assert email_flaw(email) is not None
