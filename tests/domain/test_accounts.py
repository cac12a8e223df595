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


def flaw_of(password: str) -> str | None:
    return password_flaw(password, "Ada.Lovelace", "countess@Lovelace.example", "Ada  King-Noel")


@pytest.mark.parametrize(
    "password",
    [
        "8 chars.",
        "ΑΒΓΔΕΖΗΘ",
        "😀" * 1024,
        "a b c d e",
        "correct horse",
        "password Ada.Lovelace",
        "カ" * 8,
    ],
)
def test_good_passwords_need_no_composition(password: str) -> None:
    assert flaw_of(password) is None


@pytest.mark.parametrize(
    "password",
    # The last two have fewer than 8 characters as typed, or once they are normalized.
    ["", "7 chars", "a" * 1025, " " * 8, "a\0" * 8, "\ud800" * 8, "\ufdfa", "e\u0301" * 7],
)
def test_bad_passwords(password: str) -> None:
    assert flaw_of(password) is not None


@pytest.mark.parametrize(
    "password",
    [
        *("password", "12345678", "QwertyUiop", "iLoveYou", "trustno1"),
        *(
            " password1",
            "password1\u3000",
            "ＰＡＳＳＷＯＲＤ1",
            "pass\u00adword1",
            "\ufeffpaſſword1",
        ),
    ],
)
def test_what_everybody_tries_first_is_no_password(password: str) -> None:
    assert "most common passwords" in (flaw_of(password) or "")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "ada.lovelace",
            "COUNTESS",
            "countess@lovelace.example",
            "ada  king-noel",
            "AdaKing-Noel",
        ),
        *(" countess", "ｃｏｕｎｔｅｓｓ", "ada.\u200blovelace"),
    ],
)
def test_ones_own_names_are_no_password(password: str) -> None:
    assert "must not be the username" in (flaw_of(password) or "")


def test_without_an_address_there_is_none_to_compare_with() -> None:
    assert password_flaw("countess", "ada", None) is None


@pytest.mark.parametrize("email", ["ada@example.com", "ada+x@müller.example", "a@b"])
def test_good_addresses(email: str) -> None:
    assert email_flaw(email) is None


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.com", "ada@", "a@b@c", "a b@c", "a@b\n", f"{'a' * 253}@b"]
)
def test_bad_addresses(email: str) -> None:
    assert email_flaw(email) is not None
