"""What was begun with credentials that end meanwhile.

These are logins, refreshes, API keys, new passwords and uploads.

Each attack runs beside what should stop it, from many tasks, in several rounds. Afterwards nothing
that the attacker was given may work.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx
import pytest

from gql_api import operators
from gql_api.container import Container
from tests.api import PASSWORD, Api, Json, new_username
from tests.random_work import SOAK_FACTOR, generator

ROUNDS = 4 * SOAK_FACTOR
AT_ONCE = 4
NAP_SECONDS = 0.02
SEED = 6
NEW = "staple battery horse correct"

Step: TypeAlias = Callable[[], Awaitable[object]]


class Stage:
    """The owner of an account, and an attacker who knows the password and has a session."""

    def __init__(self, client: httpx.AsyncClient, container: Container) -> None:
        self.username = new_username()
        self.container = container
        self.nobody = Api(client)
        self.owner = self.attacker = self.nobody
        self.refresh_token = ""

    async def set_up(self) -> None:
        await self.nobody.sign_up(self.username)
        self.owner = self._of(await self.nobody.login(self.username))
        stolen = await self.nobody.login(self.username)
        self.attacker, self.refresh_token = self._of(stolen), stolen["refreshToken"]

    def _of(self, session: Json) -> Api:
        return self.nobody.with_token(session["accessToken"])

    # ------------------------------------------------ what the attacker does, and what it gains

    async def log_in(self) -> str | None:
        token: str | None = (await self.nobody.login(self.username)).get("accessToken")
        return token

    async def refresh(self) -> str | None:
        session = await self.nobody.refresh_session(refreshToken=self.refresh_token)
        token: str | None = session.get("accessToken")
        return token

    async def create_key(self) -> str | None:
        body = (await self.attacker.post(CREATE_KEY)).json()
        token: str | None = ((body.get("data") or {}).get("createApiKey") or {}).get("token")
        return token

    async def request_upload(self) -> str | None:
        body = (await self.attacker.post(REQUEST)).json()
        if "errors" in body:
            assert body["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}, body
            return None
        upload_id: str = body["data"]["requestUpload"]["upload"]["id"]
        return upload_id

    # ------------------------------------------------ what the owner or an operator does

    async def change_password(self) -> None:
        changed = await self.owner.change_password(PASSWORD, NEW)
        assert changed["__typename"] == "PasswordChanged"

    async def log_out_everywhere(self) -> None:
        assert await self.owner.logout(everywhere=True) >= 1

    async def disable(self) -> None:
        accounts = operators.administration(self.container).accounts
        await accounts.disable(self.username)

    async def enable(self) -> None:
        await operators.administration(self.container).accounts.enable(self.username)

    async def works(self, token: str) -> bool:
        viewer = (await self.nobody.with_token(token).data("{ viewer { id } }"))["viewer"]
        return viewer is not None


CREATE_KEY = (
    'mutation { createApiKey(input: {name: "stolen"}) '
    "{ __typename ... on ApiKeyCreated { token } } }"
)

REQUEST = (
    'mutation { requestUpload(input: {filename: "a", contentType: "image/png", size: 1}) '
    "{ __typename ... on UploadTicket { upload { id } } } }"
)


async def later(step: Step, seconds: float) -> object:
    await asyncio.sleep(seconds)
    return await step()


async def gained(attack: Step, defense: Step, chance: random.Random) -> list[str]:
    """Run the attack several times beside the defense; return the tokens that it gained."""
    steps = [attack] * AT_ONCE + [defense]
    outcomes = await asyncio.gather(
        *(later(step, chance.uniform(0, NAP_SECONDS)) for step in steps)
    )
    return [token for token in outcomes if isinstance(token, str)]


@pytest.mark.random
@pytest.mark.parametrize("attack", ["log_in", "refresh"])
@pytest.mark.parametrize("defense", ["change_password", "disable"])
async def test_no_session_outlives_its_credentials(
    client: httpx.AsyncClient, container: Container, attack: str, defense: str
) -> None:
    chance = generator(SEED)
    for _ in range(ROUNDS):
        stage = Stage(client, container)
        await stage.set_up()
        tokens = await gained(getattr(stage, attack), getattr(stage, defense), chance)
        await stage.enable()
        assert [token for token in tokens if await stage.works(token)] == []


@pytest.mark.random
@pytest.mark.parametrize("defense", ["log_out_everywhere", "change_password", "disable"])
async def test_no_key_is_made_with_a_session_that_has_ended(
    client: httpx.AsyncClient, container: Container, defense: str
) -> None:
    """A key may be made before the session ends. Once it has ended, none comes alive."""
    chance = generator(SEED)
    for _ in range(ROUNDS):
        stage = Stage(client, container)
        await stage.set_up()
        listed: list[int] = []

        async def end(stage: Stage = stage, listed: list[int] = listed) -> None:
            await getattr(stage, defense)()
            listed.append(await container.database["api_keys"].count_documents({}))

        await gained(stage.create_key, end, chance)
        assert await container.database["api_keys"].count_documents({}) == listed[0]


@pytest.mark.random
async def test_no_password_is_changed_with_a_session_that_has_ended(
    client: httpx.AsyncClient, container: Container
) -> None:
    """The attacker locks the owner out, although the owner has ended the attacker's session."""
    chance = generator(SEED)
    for _ in range(ROUNDS):
        stage = Stage(client, container)
        await stage.set_up()
        order: list[str] = []

        async def end(stage: Stage = stage, order: list[str] = order) -> None:
            await stage.log_out_everywhere()
            order.append("ended")

        async def take_over(stage: Stage = stage, order: list[str] = order) -> None:
            body = (await stage.attacker.post(CHANGE, old=PASSWORD, new=NEW)).json()
            changed = (body.get("data") or {}).get("changePassword") or {}
            if changed.get("__typename") == "PasswordChanged":
                order.append("changed")

        await gained(take_over, end, chance)
        assert order.index("ended") == len(order) - 1


CHANGE = (
    "mutation ($old: String!, $new: String!) "
    "{ changePassword(input: {currentPassword: $old, newPassword: $new}) { __typename } }"
)


@pytest.mark.random
@pytest.mark.parametrize(
    ("token", "defense"),
    [
        ("session", "log_out_everywhere"),
        ("session", "change_password"),
        ("session", "disable"),
        ("key", "disable"),
    ],
)
async def test_no_upload_is_requested_with_a_session_that_has_ended(
    client: httpx.AsyncClient, container: Container, token: str, defense: str
) -> None:
    """An upload may be requested before the session ends. Once it has ended, none appears."""
    chance = generator(SEED)
    for _ in range(ROUNDS):
        stage = Stage(client, container)
        await stage.set_up()
        owner = {"owner": (await stage.owner.data("{ viewer { id } }"))["viewer"]["id"]}
        if token == "key":
            stage.attacker = stage.nobody.with_token(str(await stage.create_key()))
        listed: list[int] = []

        async def end(
            stage: Stage = stage, owner: dict[str, str] = owner, listed: list[int] = listed
        ) -> None:
            await getattr(stage, defense)()
            listed.append(await container.database["uploads"].count_documents(owner))

        made = await gained(stage.request_upload, end, chance)
        assert await container.database["uploads"].count_documents(owner) == listed[0] == len(made)
        assert await stage.request_upload() is None
