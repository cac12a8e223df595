import secrets

import pytest

from gql_api.domain import opaque_tokens
from gql_api.domain.opaque_tokens import new_refresh_token, parse_refresh_token


def test_a_successor_is_another_token_of_the_same_family() -> None:
    first = new_refresh_token()
    second = first.successor()
    assert second.text != first.text
    assert second.hash != first.hash
    assert second.family == first.family


def test_families_differ() -> None:
    assert new_refresh_token().family != new_refresh_token().family


def test_a_token_survives_being_sent() -> None:
    token = new_refresh_token()
    parsed = parse_refresh_token(token.text)
    assert parsed is not None
    assert (parsed.family, parsed.hash) == (token.family, token.hash)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mur_",
        "x" * 68,
        "mur_" + "x" * 63,
        "mur_" + "x" * 65,
        "mur_" + "é" * 64,
        "mur_" + "=" * 64,
        "mur_" + "x" * 64 + "\n",
        "mus_" + "x" * 64,
    ],
)
def test_other_text_is_no_refresh_token(text: str) -> None:
    assert parse_refresh_token(text) is None


def test_every_character_of_a_token_counts() -> None:
    token = new_refresh_token()
    for index in range(4, len(token.text)):
        other = "A" if token.text[index] != "A" else "B"
        parsed = parse_refresh_token(token.text[:index] + other + token.text[index + 1 :])
        assert parsed is not None
        assert parsed.hash != token.hash


def test_api_keys() -> None:
    key = opaque_tokens.new_api_key()
    assert opaque_tokens.is_api_key(key)
    assert key != opaque_tokens.new_api_key()
    assert opaque_tokens.key_hash(key) != opaque_tokens.key_hash(key[:-1] + "_")
    for text in ("", "mus_", key + "x", key[:-1], key[4:], key[:-1] + "é", key + "\n"):
        assert not opaque_tokens.is_api_key(text)


def test_secrets_have_256_bits_of_the_systems_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int | None] = []
    token_bytes = secrets.token_bytes

    def noting(size: int | None = None) -> bytes:
        drawn.append(size)
        return token_bytes(size)

    monkeypatch.setattr(secrets, "token_bytes", noting)
    new_refresh_token()
    opaque_tokens.new_api_key()
    # The tokens of a session share the first 16 bytes.
    assert drawn == [16, 32, 32]
