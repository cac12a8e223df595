import asyncio
from datetime import timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.errors import InvalidCredentials, TooManyAttempts
from gql_api.services.throttle import Throttle
from tests.accounts import ADDRESS, PASSWORD, Accounts, accounts_on

STRANGER = "198.51.100.7"


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    accounts = await accounts_on(database)
    await accounts.sign_up("Ada")
    return accounts


async def fail(accounts: Accounts, username: str = "Ada", address: str = ADDRESS) -> int:
    """Log in with a wrong password; return the seconds to wait, or 0."""
    try:
        await accounts.login(username, "wrong password", address)
    except TooManyAttempts as error:
        return error.retry_after_seconds
    except InvalidCredentials:
        return 0
    pytest.fail("logged in with a wrong password")


async def test_after_five_failures_one_has_to_wait(accounts: Accounts) -> None:
    assert [await fail(accounts, "aDa") for _ in range(5)] == [0] * 5
    with pytest.raises(TooManyAttempts) as caught:
        await accounts.login()
    assert caught.value.retry_after_seconds == 1
    accounts.clock.advance(seconds=1)
    assert await fail(accounts) == 0
    assert await fail(accounts) == 2
    accounts.clock.advance(seconds=2)
    await accounts.login()


async def test_while_blocked_no_password_is_verified(accounts: Accounts) -> None:
    for _ in range(10):
        await fail(accounts)
    assert len(accounts.hasher.verified) == 5


async def test_success_forgets_the_failures(accounts: Accounts) -> None:
    for _ in range(3):
        assert [await fail(accounts) for _ in range(4)] == [0] * 4
        await accounts.login()


async def test_of_many_guesses_at_once_five_are_made(accounts: Accounts) -> None:
    waits = await asyncio.gather(*(fail(accounts) for _ in range(40)))
    assert waits.count(0) == 5
    assert len(accounts.hasher.verified) == 5


async def test_a_stranger_cannot_lock_the_owner_out(accounts: Accounts) -> None:
    for _ in range(21):
        accounts.clock.advance(seconds=await fail(accounts, address=STRANGER))
    assert await fail(accounts, address=STRANGER) > 60
    await accounts.login()


# ------------------------------------------------------------------ guesses from many addresses


async def fail_from_everywhere(accounts: Accounts, times: int, username: str = "Ada") -> list[int]:
    """Fail once from each of `times` addresses; return the seconds to wait for each."""
    return [await fail(accounts, username, f"10.0.{n // 256}.{n % 256}") for n in range(times)]


async def test_guesses_from_many_addresses_are_slowed(accounts: Accounts) -> None:
    assert await fail_from_everywhere(accounts, 103) == [0] * 100 + [1] * 3
    assert len(accounts.hasher.verified) == 100
    accounts.clock.advance(seconds=1)
    assert await fail(accounts, address=STRANGER) == 0
    assert await fail(accounts, address="198.51.100.8") == 2


async def test_an_hour_of_guesses_from_anywhere_is_little_more_than_a_hundred(
    accounts: Accounts,
) -> None:
    start, guesses, number = accounts.clock(), 0, 0
    while accounts.clock() < start + timedelta(hours=1):
        number += 1
        wait = await fail(accounts, address=f"10.1.{number // 256}.{number % 256}")
        guesses += wait == 0
        accounts.clock.advance(seconds=wait)
    assert guesses == 112


async def test_the_owner_can_log_in_from_known_addresses(accounts: Accounts) -> None:
    await accounts.login(address=STRANGER)
    await fail_from_everywhere(accounts, 101)
    for address in (ADDRESS, STRANGER):
        assert [await fail(accounts, address=address) for _ in range(4)] == [0] * 4
        await accounts.login(address=address)
    with pytest.raises(TooManyAttempts):
        await accounts.login(address="198.51.100.8")


async def test_an_address_is_home_to_one_user_only(accounts: Accounts) -> None:
    await accounts.sign_up("Bob")
    await accounts.login("Bob", address=STRANGER)
    await fail_from_everywhere(accounts, 101)
    assert await fail(accounts, address=STRANGER) > 0


async def test_success_elsewhere_takes_back_one_attempt_only(accounts: Accounts) -> None:
    assert await fail_from_everywhere(accounts, 99) == [0] * 99
    await accounts.login(address=STRANGER)
    assert await fail(accounts, address="198.51.100.8") == 0
    assert await fail(accounts, address="198.51.100.9") == 1


async def test_unknown_users_are_slowed_like_known_ones(accounts: Accounts) -> None:
    assert await fail_from_everywhere(accounts, 101, "nobody") == [0] * 100 + [1]


async def test_waiting_for_the_user_costs_the_address_nothing(accounts: Accounts) -> None:
    await fail_from_everywhere(accounts, 100)
    assert [await fail(accounts, address=STRANGER) for _ in range(60)] == [1] * 60
    assert [await fail(accounts, f"user{n}", STRANGER) for n in range(51)] == [0] * 50 + [1]


async def test_a_login_does_not_lift_the_block_of_its_address(accounts: Accounts) -> None:
    throttle = Throttle(accounts.attempts)
    began = await throttle.begin_login("Ada", STRANGER, accounts.clock())
    accounts.clock.advance(seconds=0.1)
    assert [await fail(accounts, f"user{n}", STRANGER) for n in range(50)] == [0] * 49 + [1]
    await throttle.login_succeeded(began)
    assert await fail(accounts, "user", STRANGER) == 1


# ------------------------------------------------------------------ counting by user and address


async def test_unknown_users_are_counted_like_known_ones(accounts: Accounts) -> None:
    assert [await fail(accounts, "nobody") for _ in range(6)] == [0] * 5 + [1]


async def test_an_address_may_fail_fifty_times(accounts: Accounts) -> None:
    waits = [await fail(accounts, f"user{number}", STRANGER) for number in range(51)]
    assert waits == [0] * 50 + [1]
    with pytest.raises(TooManyAttempts):
        await accounts.login(address=STRANGER)
    await accounts.login()
    accounts.clock.advance(seconds=1)
    await accounts.login(address=STRANGER)


async def test_waiting_for_the_address_costs_no_try_of_the_user(accounts: Accounts) -> None:
    start, number = accounts.clock(), 0
    while accounts.clock() < start + timedelta(minutes=45):
        accounts.clock.advance(seconds=await fail(accounts, f"user{number}", STRANGER))
        number += 1
    # The last block within the hour lasts from second 2823 to second 3723.
    assert await fail(accounts, f"user{number}", STRANGER) == 0
    accounts.clock.now = start + timedelta(seconds=3610)
    assert [await fail(accounts, "Ada", STRANGER) for _ in range(10)] == [113] * 10
    accounts.clock.advance(seconds=113)
    assert [await fail(accounts, "Ada", STRANGER) for _ in range(6)] == [0] * 5 + [1]


async def test_any_number_of_users_may_log_in_at_one_address(accounts: Accounts) -> None:
    for _ in range(60):
        await accounts.login(address=STRANGER)
        accounts.clock.advance(seconds=31)


async def test_ipv6_addresses_of_one_network_count_as_one(accounts: Accounts) -> None:
    waits = [await fail(accounts, "Ada", f"2001:db8:1:2::{number:x}") for number in range(6)]
    assert waits == [0] * 5 + [1]
    assert await fail(accounts, "Ada", "2001:db8:1:3::1") == 0


@pytest.fixture
def ten_per_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten failures of all users are free in a /64, not fifty: one failure takes ten round trips."""
    monkeypatch.setattr("gql_api.services.throttle.FAILURES_PER_NETWORK", 10)


@pytest.mark.usefixtures("ten_per_network")
async def test_wider_networks_of_ipv6_have_larger_limits(accounts: Accounts) -> None:
    """Of one user, 10 failures in a /56 and 20 in a /48 are free; of all users, 20 and 40."""
    one_56 = [await fail(accounts, "Ada", f"2001:db8:1:{n:x}::1") for n in range(11)]
    assert one_56 == [0] * 10 + [1]
    assert await fail(accounts, "Ada", "2001:db8:1:100::1") == 0
    one_48 = [await fail(accounts, "Bob", f"2001:db8:2:{n:x}00::1") for n in range(21)]
    assert one_48 == [0] * 20 + [1]
    assert await fail(accounts, "Bob", "2001:db8:5::1") == 0
    spread = [await fail(accounts, f"u{n}", f"2001:db8:3:{n:x}::1") for n in range(21)]
    assert spread == [0] * 20 + [1]
    wider = [await fail(accounts, f"v{n}", f"2001:db8:4:{n % 9:x}{n % 8:x}0::1") for n in range(41)]
    assert wider == [0] * 40 + [1]


@pytest.mark.usefixtures("ten_per_network")
async def test_neighbors_in_a_wide_network_cannot_lock_the_owner_out(accounts: Accounts) -> None:
    home, stranger = "2001:db8:1:2::1", "2001:db8:1:3::1"
    await accounts.login(address=home)
    for n in range(60):
        await fail(accounts, "Ada", f"2001:db8:1:{n + 3:x}::1")
        await fail(accounts, f"user{n}", f"2001:db8:1:{n + 3:x}::1")
    assert await fail(accounts, "Ada", stranger) > 0
    await accounts.login(address=home)
    assert [await fail(accounts, "Ada", home) for _ in range(6)] == [0] * 5 + [1]


async def test_a_login_in_a_wide_network_takes_back_its_own_attempts_only(
    accounts: Accounts,
) -> None:
    for n in range(9):
        assert await fail(accounts, "Ada", f"2001:db8:1:{n:x}::1") == 0
    await accounts.login(address="2001:db8:1:50::1")
    assert await fail(accounts, "Ada", "2001:db8:1:51::1") == 0
    assert await fail(accounts, "Ada", "2001:db8:1:52::1") == 1


# ------------------------------------------------------------------ successes


async def test_thirty_logins_in_a_quarter_of_an_hour(accounts: Accounts) -> None:
    for number in range(30):
        await accounts.login(address=f"198.51.100.{number}")
        accounts.clock.advance(seconds=1)
    verified = len(accounts.hasher.verified)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as caught:
            await accounts.login()
    assert caught.value.retry_after_seconds == 870
    assert len(accounts.hasher.verified) == verified
    await accounts.sign_up("Bob")
    await accounts.login("Bob")
    accounts.clock.advance(seconds=870)
    await accounts.login()


async def test_of_many_logins_at_once_thirty_succeed(accounts: Accounts) -> None:
    async def log_in(number: int) -> bool:
        try:
            await accounts.login(address=f"198.51.100.{number}")
        except TooManyAttempts:
            return False
        return True

    results = await asyncio.gather(*(log_in(number) for number in range(60)))
    assert results.count(True) == 30


async def test_failures_do_not_use_up_the_logins(accounts: Accounts) -> None:
    """A stranger who does not know the password cannot make the owner wait."""
    for number in range(90):
        await fail(accounts, address=f"10.0.0.{number}")
    for _ in range(30):
        await accounts.login()


async def test_changing_the_password_counts_as_a_login(accounts: Accounts) -> None:
    viewer = await accounts.viewer(await accounts.login())
    for number in range(29):
        old, new = f"{PASSWORD} {number}", f"{PASSWORD} {number + 1}"
        await accounts.service.change_password(viewer, old if number else PASSWORD, new, ADDRESS)
    verified = len(accounts.hasher.verified)
    with pytest.raises(TooManyAttempts):
        await accounts.service.change_password(viewer, f"{PASSWORD} 29", PASSWORD, ADDRESS)
    assert len(accounts.hasher.verified) == verified


async def test_an_ipv4_address_is_the_same_in_ipv6(accounts: Accounts) -> None:
    for _ in range(5):
        await fail(accounts, "Ada", STRANGER)
    assert await fail(accounts, "Ada", f"::ffff:{STRANGER}") == 1
    assert await fail(accounts, "Ada", "::ffff:198.51.100.8") == 0


@pytest.mark.parametrize("address", ["", "unknown", "\ud800", "x" * 10**6])
async def test_odd_addresses_are_counted_too(accounts: Accounts, address: str) -> None:
    assert [await fail(accounts, address=address) for _ in range(6)] == [0] * 5 + [1]


async def test_an_address_may_sign_up_twenty_times_an_hour(accounts: Accounts) -> None:
    async def sign_up(number: int, address: str = STRANGER) -> None:
        await accounts.service.sign_up(f"user{number}", PASSWORD, None, None, address)

    for number in range(20):
        await sign_up(number)
    with pytest.raises(TooManyAttempts) as caught:
        await sign_up(20)
    assert caught.value.retry_after_seconds == 1
    await sign_up(20, "198.51.100.8")
    accounts.clock.advance(seconds=3600)
    await sign_up(21)


async def test_seventy_networks_of_one_48_sign_up_eighty_users(accounts: Accounts) -> None:
    async def sign_up(number: int, network: int) -> bool:
        address = f"2001:db8:1:{network:x}::1"
        try:
            await accounts.service.sign_up(f"user{number}", PASSWORD, None, None, address)
        except TooManyAttempts:
            return False
        return True

    # 40 of the first /56, then 40 of others.
    assert [await sign_up(n, n) for n in range(41)] == [True] * 40 + [False]
    assert [await sign_up(n, n * 256) for n in range(41, 82)] == [True] * 40 + [False]
