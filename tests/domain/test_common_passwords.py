from gql_api.domain import common_passwords
from gql_api.domain.accounts import PASSWORD_MIN_LENGTH, password_flaw


def test_at_least_3000_passwords_that_would_be_long_enough_are_refused() -> None:
    passwords = common_passwords._passwords()
    assert len(passwords) >= 3000
    for password in passwords:
        assert len(password) >= PASSWORD_MIN_LENGTH
        assert password_flaw(password.upper(), "ada", None) is not None


def test_a_part_of_a_common_password_is_none() -> None:
    assert common_passwords.is_common("qwertyuiop")
    assert not common_passwords.is_common("qwertyuiop!")
    assert not common_passwords.is_common("")
