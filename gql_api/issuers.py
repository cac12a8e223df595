"""Builds what reads the tokens of issuers. A deployment without issuers does not import it."""

from __future__ import annotations

from gql_api.adapters.mongo.database import Database, guarded
from gql_api.adapters.mongo.key_sets import MongoKeySets
from gql_api.adapters.oidc.discovery import HttpKeySetSource
from gql_api.adapters.oidc.signatures import JoseSignatures
from gql_api.domain.clock import Clock
from gql_api.services.external_sign_ins import ExternalSignIns
from gql_api.services.external_users import ExternalUsers
from gql_api.services.key_sets import KeySets
from gql_api.settings import Settings


def external_sign_ins(
    settings: Settings, database: Database, users: ExternalUsers, clock: Clock
) -> ExternalSignIns:
    """Build what finds the users of the issuers that the settings name."""
    return ExternalSignIns(
        issuers=settings.oidc_issuers,
        key_sets=KeySets(
            store=guarded(MongoKeySets(database)), source=HttpKeySetSource(), clock=clock
        ),
        signatures=JoseSignatures(),
        users=users,
    )
