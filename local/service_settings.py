"""The settings of the service on this machine: what is given, and fitting values for the rest."""

from __future__ import annotations

from gql_api.settings import Settings, SettingsError, read_settings
from local.configuration import Configuration
from local.data import Secrets
from local.errors import BadConfiguration
from local.gateway import REGION, Gateway
from local.mongod import Mongod
from local.website import is_built

BUCKET = "media"
_WEB_CLIENT_PORT = 5173  # Where Vite serves a client that is being worked on.
_REAL_CREDENTIALS = ("AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")


def service_settings(
    configuration: Configuration,
    secrets: Secrets,
    mongod: Mongod | None,
    gateway: Gateway | None,
) -> Settings:
    """The settings; `mongod` and `gateway` are None where others are given in their place.

    Raises:
        BadConfiguration: with every problem there is.
    """
    given = {name: value for name, value in configuration.environment.items() if value.strip()}
    environment = {
        "JWT_SECRET_KEY": secrets.jwt_key,
        "CORS_ORIGINS": ",".join(_origins(configuration.port)),
        "COOKIE_SECURE": "false",
        "GRAPHQL_IDE": str(is_built()).lower(),
        "GRAPHQL_INTROSPECTION": "true",
        "GRAPHQL_GET": "true",
        **_name_apart(secrets, mongod, gateway),
        **{name: value for name, value in configuration.environment.items() if name in given},
    }
    if "USER_QUOTA_BYTES" in configuration.environment:  # Empty means none.
        environment["USER_QUOTA_BYTES"] = configuration.environment["USER_QUOTA_BYTES"]
    if mongod is not None:
        environment["DB_URL"] = mongod.url
    if gateway is not None:
        for name in _REAL_CREDENTIALS:
            environment.pop(name, None)
        environment |= {
            "AWS_ACCESS_KEY_ID": gateway.keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": gateway.keys.secret_access_key,
            "AWS_DEFAULT_REGION": REGION,
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": gateway.endpoint_url,
        }
    try:
        return read_settings(environment)
    except SettingsError as error:
        raise BadConfiguration(str(error)) from error


def _name_apart(secrets: Secrets, mongod: Mongod | None, gateway: Gateway | None) -> dict[str, str]:
    """A database or key prefix of this stack's own where only one of the two servers is real.

    The sweep deletes objects without a record. Beside an embedded database that knows none of
    them, it would empty a real bucket that another deployment uses; and the other way round.
    """
    if mongod is not None and gateway is None:
        return {"S3_KEY_PREFIX": f"local-{secrets.stack_id}"}
    if mongod is None and gateway is not None:
        return {"DB_NAME": f"media-local-{secrets.stack_id}"}
    return {}


def _origins(port: int) -> list[str]:
    hosts = ("localhost", "127.0.0.1")
    return [f"http://{host}:{at}" for at in (port, _WEB_CLIENT_PORT) for host in hosts]
