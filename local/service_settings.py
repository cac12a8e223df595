"""The service's settings for a local run: the user's, with suitable defaults for the rest."""

from __future__ import annotations

from gql_api.environment import SettingsError
from gql_api.settings import Settings, read_settings
from local.configuration import Configuration
from local.data import Secrets
from local.errors import BadConfiguration
from local.gateway import REGION
from local.servers import Servers
from local.website import is_built

BUCKET = "media"
_VITE_PORT = 5173  # Vite's development server for the web client.
_TEMPORARY_CREDENTIALS = ("AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")


def service_settings(configuration: Configuration, secrets: Secrets, servers: Servers) -> Settings:
    """Return the settings of a service that uses `servers`, and the user's own for the others.

    Raises:
        BadConfiguration: at least one setting is invalid. The message lists all problems.
    """
    mongod, gateway, media_worker = servers
    given = {name: value for name, value in configuration.environment.items() if value.strip()}
    environment = {
        "JWT_SECRET_KEY": secrets.jwt_key,
        "CORS_ORIGINS": ",".join(_origins(configuration.port)),
        "COOKIE_SECURE": "false",
        "GRAPHQL_IDE": str(is_built()).lower(),
        "GRAPHQL_INTROSPECTION": "true",
        "GRAPHQL_GET": "true",
        "WEBHOOK_ALLOWED_HOSTS": "localhost,127.0.0.1",
        **_separate_names(secrets, servers),
        **{name: value for name, value in configuration.environment.items() if name in given},
    }
    for name in ("USER_QUOTA_BYTES", "USER_UPLOADS_MAX"):  # Empty means no limit.
        if name in configuration.environment:
            environment[name] = configuration.environment[name]
    if mongod is not None:
        environment["DB_URL"] = mongod.url
    if gateway is not None:
        for name in _TEMPORARY_CREDENTIALS:
            environment.pop(name, None)
        environment |= {
            "AWS_ACCESS_KEY_ID": gateway.keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": gateway.keys.secret_access_key,
            "AWS_DEFAULT_REGION": REGION,
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": gateway.endpoint_url,
        }
    if media_worker is not None:
        environment |= {
            "MEDIA_WORKER_URL": media_worker.url,
            "MEDIA_WORKER_TOKEN": media_worker.token,
        }
    try:
        return read_settings(environment)
    except SettingsError as error:
        raise BadConfiguration(str(error)) from error


def _separate_names(secrets: Secrets, servers: Servers) -> dict[str, str]:
    """Return a key prefix or database name unique to this stack if one server is the user's.

    The sweep deletes objects without a record. With an embedded database that has no records, it
    would delete all objects that another deployment keeps in the user's bucket. Conversely, with
    an embedded bucket, it would expire the pending uploads of another deployment.
    """
    mongod, gateway, _ = servers
    if mongod is not None and gateway is None:
        return {"S3_KEY_PREFIX": f"local-{secrets.stack_id}"}
    if mongod is None and gateway is not None:
        return {"DB_NAME": f"media-local-{secrets.stack_id}"}
    return {}


def _origins(port: int) -> list[str]:
    hosts = ("localhost", "127.0.0.1")
    return [f"http://{host}:{number}" for number in (port, _VITE_PORT) for host in hosts]
