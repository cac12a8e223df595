"""Users whose operations run at once, in several processes, beside the model of what lives."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

from gql_api import operators
from gql_api.container import Container
from gql_api.domain.accounts import ApiKeyScope, IssuedSession, Viewer
from gql_api.domain.errors import DomainError, InvalidSession
from tests.model.account_rules import Key, Round, Session

NAP_SECONDS = 0.02
SESSIONS_LEAST = 3
SESSIONS_MOST = 8
KEYS_MOST = 6

T = TypeVar("T")
Step: TypeAlias = Callable[[], Awaitable[None]]


class User:
    """One user, the operations on their account, and the model of what lives."""

    def __init__(
        self,
        name: str,
        containers: Sequence[Container],
        chance: random.Random,
    ) -> None:
        self.name = name
        self.password = f"the first password of {name}"
        self.sessions: list[Session] = []
        self.keys: list[Key] = []
        self.done: Counter[str] = Counter()
        self._containers = containers
        self._chance = chance
        self._round = Round()
        self._passwords = 0
        self._tried_tokens: set[str] = set()

    @property
    def _process(self) -> Container:
        return self._chance.choice(self._containers)

    @property
    def _address(self) -> str:
        """A new address, so that guesses of other rounds slow nothing down."""
        return f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.1"

    # ------------------------------------------------ before and after the round

    async def set_up(self) -> None:
        accounts = self._process.accounts
        self.sessions.append(
            Session(await accounts.sign_up(self.name, self.password, None, None, self._address))
        )

    async def prepare(self) -> None:
        """Begin a round: all sessions can be refreshed, and there are some."""
        for session in self.sessions:
            await self._refresh(session)
        while len(self.sessions) < SESSIONS_LEAST:
            self.sessions.append(Session(await self._log_in(self.password)))
        del self.keys[KEYS_MOST:]
        self._round = Round()

    def draw(self) -> list[Step]:
        """Return some operations to run at once."""
        steps: list[Step] = [self.log_in, self.refresh, self.refresh, self.reuse, self.create_key]
        steps += [self.log_out, self.end_session, self.revoke_key]
        # These end most of what there is, so that the others would show little beside them.
        sweeping = [self.change_password, self.disable, self.log_out_everywhere]
        if self._chance.random() < 0.5:
            steps += [self.log_in, self.create_key]
            steps += self._chance.sample(sweeping, 2)
        return [self._napping(step) for step in self._chance.sample(steps, 6)]

    def _napping(self, step: Step) -> Step:
        seconds = self._chance.uniform(0, NAP_SECONDS)

        async def later() -> None:
            await asyncio.sleep(seconds)
            await step()

        return later

    async def check(self) -> None:
        """Compare the service with the model, then let it decide what the model does not know."""
        it = self._round
        if it.disabled:
            for key in (*self.keys, *it.created):
                assert await self._viewer(key.token) is None, "a key of a disabled user works"
            await operators.administration(self._process).accounts.enable(self.name)
        if it.new_password is not None:
            await self._refused(self.password)
            self.password = it.new_password
        await self._check_sessions(it)
        await self._check_keys(it)
        assert await self._log_in(self.password)

    async def _check_sessions(self, it: Round) -> None:
        alive = []
        for session in (*self.sessions, *it.begun):
            works = await self._viewer(session.issued.access_token) is not None
            assert not (works and it.must_be_dead(session)), "a session lives on"
            assert works or not it.must_be_alive(session), "a session ended early"
            if works:
                alive.append(session)
            else:
                await self._dead(session)
        self.sessions = alive[:SESSIONS_MOST]

    async def _check_keys(self, it: Round) -> None:
        alive = []
        for key in (*self.keys, *it.created):
            works = await self._viewer(key.token) is not None
            assert not (works and it.key_must_be_dead(key)), "an API key lives on"
            assert works or not it.key_must_be_alive(key), "an API key ended early"
            if works:
                alive.append(key)
        self.keys = alive

    # ------------------------------------------------ the operations of a round

    async def log_in(self) -> None:
        issued = await self._tried("log in", self._log_in(self.password))
        if issued is not None:
            self._round.begun.append(Session(issued))

    async def refresh(self) -> None:
        session = self._any()
        if session.issued.refresh_token in self._tried_tokens:
            self._round.ended.add(session)
        self._tried_tokens.add(session.issued.refresh_token)
        await self._tried("refresh", self._refresh(session))

    async def reuse(self) -> None:
        session = self._any()
        if session.used_token is None:
            return
        # Either it is dead already, or the token that was used before ends it.
        self._round.ended.add(session)
        try:
            await self._process.sessions.refresh(session.used_token)
        except InvalidSession:
            self.done["reuse"] += 1
        else:
            raise AssertionError("a used refresh token works")

    async def change_password(self) -> None:
        session = self._any()
        self._passwords += 1
        new, revoke = f"password {self._passwords} of {self.name}", self._chance.random() < 0.5
        viewer = await self._viewer(session.issued.access_token)
        if viewer is None:
            return
        changed = self._process.accounts.change_password(
            viewer, self.password, new, self._address, revoke_api_keys=revoke
        )
        if await self._tried("change the password", changed) is not None:
            assert self._round.new_password is None, "two changes of one password"
            self._round.changed_with, self._round.new_password = session, new
            self._round.keys_revoked = revoke

    async def log_out(self) -> None:
        session = self._any()
        self._round.risky.add(session)
        token = session.issued.access_token
        if await self._process.sessions.logout(await self._viewer(token), None, False):
            self._round.ended.add(session)
            self.done["log out"] += 1

    async def log_out_everywhere(self) -> None:
        session, before = self._any(), list(self.sessions)
        self._round.everywhere = True
        token = session.issued.access_token
        if await self._process.sessions.logout(await self._viewer(token), None, True):
            self._round.ended.update(before)
            self.done["log out everywhere"] += 1

    async def end_session(self) -> None:
        session, other = self._any(), self._any()
        self._round.risky.add(other)
        viewer = await self._viewer(session.issued.access_token)
        if viewer and await self._process.sessions.end(viewer, other.issued.session_id):
            self._round.ended.add(other)
            self.done["end a session"] += 1

    async def create_key(self) -> None:
        session = self._any()
        viewer = await self._viewer(session.issued.access_token)
        if viewer is None:
            return
        created = self._process.api_keys.create(
            viewer,
            "key",
            None,
            scope=self._chance.choice(list(ApiKeyScope)),
            current_password=self.password,
            address=self._address,
        )
        made = await self._tried("create a key", created)
        if made is not None:
            self._round.created.append(Key(made[1].id, made[0], session))

    async def revoke_key(self) -> None:
        viewer = await self._viewer(self._any().issued.access_token)
        if viewer is None or not self.keys:
            return
        key = self._chance.choice(self.keys)
        self._round.revoked.add(key)
        await self._tried("revoke a key", self._process.api_keys.revoke(viewer, key.id))

    async def disable(self) -> None:
        await operators.administration(self._process).accounts.disable(self.name)
        self._round.disabled = True
        self.done["disable"] += 1

    # ------------------------------------------------ calls of the service

    def _any(self) -> Session:
        return self._chance.choice(self.sessions)

    async def _tried(self, name: str, attempt: Awaitable[T]) -> T | None:
        """Return the result, or None if the service refuses; anything else is a defect."""
        try:
            result = await attempt
        except DomainError as error:
            self.done[f"{name}: {error.code}"] += 1
            return None
        self.done[name] += 1
        return result

    async def _viewer(self, token: str) -> Viewer | None:
        return await self._process.authentication.viewer(token)

    async def _log_in(self, password: str) -> IssuedSession:
        return await self._process.accounts.login(self.name, password, self._address)

    async def _refresh(self, session: Session) -> None:
        used = session.issued.refresh_token
        session.issued = await self._process.sessions.refresh(used)
        session.used_token = used

    async def _refused(self, password: str) -> None:
        try:
            await self._log_in(password)
        except DomainError:
            return
        raise AssertionError("the old password works")

    async def _dead(self, session: Session) -> None:
        try:
            await self._process.sessions.refresh(session.issued.refresh_token)
        except InvalidSession:
            return
        raise AssertionError("a dead session is refreshed")
