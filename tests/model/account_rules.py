"""A small model of accounts: what must be alive, and what must be dead, after each round.

In a round, several operations of a user and of an operator run at once. The model does not know
their order. It knows what must have ended if an operation succeeded, and what nothing can have
ended. All else may be either.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gql_api.domain.accounts import IssuedSession


@dataclass(eq=False)
class Session:
    """A session that the user has begun, with its newest tokens and the one used last."""

    issued: IssuedSession
    used_token: str | None = None


@dataclass(eq=False)
class Key:
    """An API key and the session that it was created with, if that was in this round."""

    id: str
    token: str
    created_with: Session | None = None


@dataclass
class Round:
    """What the operations of one round did to one user."""

    begun: list[Session] = field(default_factory=list)
    created: list[Key] = field(default_factory=list)
    ended: set[Session] = field(default_factory=set)
    risky: set[Session] = field(default_factory=set)
    """Sessions that an operation of unknown order may have ended."""
    revoked: set[Key] = field(default_factory=set)
    changed_with: Session | None = None
    new_password: str | None = None
    keys_revoked: bool = False
    disabled: bool = False
    everywhere: bool = False
    """Whether a user asked to end all sessions, with success or not."""

    def must_be_dead(self, session: Session) -> bool:
        """Return whether something has certainly ended the session."""
        replaced = self.new_password is not None and session is not self.changed_with
        return self.disabled or replaced or session in self.ended

    def must_be_alive(self, session: Session) -> bool:
        """Return whether nothing can have ended the session."""
        unknown = self.everywhere or session in self.risky
        return not unknown and not self.must_be_dead(session)

    def key_must_be_dead(self, key: Key) -> bool:
        """Return whether something has certainly revoked the key."""
        # The session that has changed the password goes on, and may have created a key afterwards.
        later = key in self.created and key.created_with is self.changed_with
        return key in self.revoked or (self.keys_revoked and not later)

    def key_must_be_alive(self, key: Key) -> bool:
        """Return whether nothing can have revoked the key."""
        return key not in self.revoked and not self.keys_revoked
