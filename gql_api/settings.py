"""The settings of the service. All problems are reported at once, each with its setting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from gql_api.domain.issuers import Issuer
from gql_api.domain.parts import GIB, MAX_OBJECT_BYTES, MAX_PART_BYTES, MIB
from gql_api.domain.policy import ProxyPolicy, SessionPolicy, UploadPolicy
from gql_api.environment import Reader, SettingsError

_ALGORITHMS = {"HS256": 32, "HS384": 48, "HS512": 64}
_WEEK = 7 * 86_400
_YEAR = 366 * 86_400


class AwsCredentials(NamedTuple):
    """Credentials for S3 requests. `expires_at` is None if unknown, or for the keys of an IAM user.

    If a `provider` is given, the service gets its credentials there, and the keys are empty.
    """

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    expires_at: datetime | None
    session_token_seconds: int = 900
    provider: CredentialsProvider | None = None

    def __repr__(self) -> str:
        """Show no secret."""
        return f"AwsCredentials({self.access_key_id!r})"


class CredentialsProvider(NamedTuple):
    """A container credentials provider: its URL, and the token or the file that contains it."""

    url: str
    token: str | None
    token_file: Path | None

    def __repr__(self) -> str:
        """Show no secret."""
        return f"CredentialsProvider({self.url!r})"


class Settings(NamedTuple):
    """All settings. `jwt_keys` maps key ids to secrets: the first signs, and all verify."""

    db_url: str
    db_name: str
    aws: AwsCredentials
    aws_region: str
    s3_bucket: str
    s3_endpoint_url: str | None
    s3_public_endpoint_url: str | None
    checksum_queue_url: str | None
    media_queue_url: str | None
    media_worker_url: str | None
    media_worker_token: str | None
    webhook_queue_url: str | None
    webhook_allowed_hosts: tuple[str, ...]
    jwt_keys: Mapping[str, str]
    algorithm: str
    uploads: UploadPolicy
    sessions: SessionPolicy
    user_requests_per_minute: int | None
    base_path: str
    proxy: ProxyPolicy
    sign_up_open: bool
    passwords: bool
    oidc_issuers: tuple[Issuer, ...]
    cors_origins: tuple[str, ...]
    cookie_secure: bool
    graphql_ide: bool
    introspection: bool
    graphql_get: bool
    graphql_max_values: int
    graphql_max_response_bytes: int
    graphql_stock_executor: bool
    metrics_namespace: str | None

    def __repr__(self) -> str:
        """Show which settings these are, but no secret."""
        return f"Settings(db_name={self.db_name!r}, s3_bucket={self.s3_bucket!r})"


def read_settings(env: Mapping[str, str]) -> Settings:
    """Read the settings from `env`. An empty value counts as missing, except for limits.

    Raises:
        SettingsError: at least one setting is missing or invalid. It lists all problems.
    """
    read = Reader(env)
    algorithm = read.choice("ALGORITHM", "HS256", tuple(_ALGORITHMS))
    settings = Settings(
        db_url=read.pattern("DB_URL", r"mongodb(\+srv)?://.+", "mongodb://… or mongodb+srv://…"),
        db_name=read.text("DB_NAME", "media"),
        aws=aws_credentials(read),
        aws_region=read.required("AWS_DEFAULT_REGION"),
        s3_bucket=bucket_name(read),
        s3_endpoint_url=read.url("S3_ENDPOINT_URL"),
        s3_public_endpoint_url=read.url("S3_PUBLIC_ENDPOINT_URL"),
        checksum_queue_url=read.queue("CHECKSUM_QUEUE_URL"),
        media_queue_url=read.queue("MEDIA_QUEUE_URL"),
        media_worker_url=read.url("MEDIA_WORKER_URL"),
        media_worker_token=next(iter(read.secrets("MEDIA_WORKER_TOKEN", 32)), None),
        webhook_queue_url=read.queue("WEBHOOK_QUEUE_URL"),
        webhook_allowed_hosts=read.hosts("WEBHOOK_ALLOWED_HOSTS"),
        jwt_keys=read.jwt_keys("JWT_SECRET_KEY", _ALGORITHMS.get(algorithm, 32)),
        algorithm=algorithm,
        uploads=_upload_policy(read),
        sessions=SessionPolicy(
            access_ttl_seconds=read.integer("ACCESS_TTL_SECONDS", 900, 30, 86_400),
            refresh_ttl_seconds=read.integer("REFRESH_TTL_SECONDS", 30 * 86_400, 60, _YEAR),
            session_max_seconds=read.integer("SESSION_MAX_SECONDS", 180 * 86_400, 60, 10 * _YEAR),
        ),
        user_requests_per_minute=read.limit("USER_REQUESTS_PER_MINUTE", None, 1, 10**9),
        base_path=read.pattern(
            "BASE_PATH",
            r"(/[A-Za-z0-9._~-]+)+",
            "a path such as /api, without a slash at its end",
            "",
        ),
        proxy=_proxy_policy(read),
        sign_up_open=read.choice("SIGN_UP", "open", ("open", "closed")) == "open",
        passwords=read.choice("PASSWORDS", "on", ("on", "off")) == "on",
        oidc_issuers=read.issuers("OIDC_ISSUERS"),
        cors_origins=read.origins("CORS_ORIGINS"),
        cookie_secure=read.switch("COOKIE_SECURE", True),
        graphql_ide=read.switch("GRAPHQL_IDE", False),
        introspection=read.switch("GRAPHQL_INTROSPECTION", False),
        graphql_get=read.switch("GRAPHQL_GET", False),
        graphql_max_values=read.integer("GRAPHQL_MAX_VALUES", 1_000_000, 1_000, 10**9),
        graphql_max_response_bytes=read.integer(
            "GRAPHQL_MAX_RESPONSE_BYTES", 5 * MIB, 64 * 1024, 100 * MIB
        ),
        graphql_stock_executor=read.switch("GRAPHQL_STOCK_EXECUTOR", False),
        metrics_namespace=read.pattern(
            "METRICS_NAMESPACE", r"[A-Za-z0-9._/#:-]{1,255}", "a name such as media", ""
        )
        or None,
    )
    if settings.media_queue_url and settings.media_worker_url:
        read.problems.append("MEDIA_QUEUE_URL and MEDIA_WORKER_URL are set. Set only one of them.")
    if settings.media_worker_url and not read.text("MEDIA_WORKER_TOKEN", ""):
        read.problems.append("MEDIA_WORKER_URL needs MEDIA_WORKER_TOKEN.")
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def aws_credentials(read: Reader) -> AwsCredentials:
    """Read the keys, or the address of the provider that AWS names where it sets no keys."""
    provider = _credentials_provider(read)
    if read.text("AWS_ACCESS_KEY_ID", ""):
        provider = None
    return AwsCredentials(
        access_key_id="" if provider else read.required("AWS_ACCESS_KEY_ID"),
        secret_access_key="" if provider else read.required("AWS_SECRET_ACCESS_KEY"),
        session_token=None if provider else read.text("AWS_SESSION_TOKEN", "") or None,
        expires_at=read.instant("AWS_CREDENTIAL_EXPIRATION"),
        session_token_seconds=read.integer("AWS_SESSION_TOKEN_SECONDS", 900, 60, 36 * 3600),
        provider=provider,
    )


def bucket_name(read: Reader) -> str:
    """Read the name of the bucket."""
    valid = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
    return read.pattern("S3_BUCKET", valid, "a bucket name such as my-media")


def key_prefix(read: Reader) -> str:
    """Read the prefix of the keys of uploads."""
    valid = r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"
    expected = "a key prefix such as uploads, without a slash at either end"
    return read.pattern("S3_KEY_PREFIX", valid, expected, "uploads")


def _credentials_provider(read: Reader) -> CredentialsProvider | None:
    """Read the variables of a container credentials provider (AWS SDKs and Tools Guide)."""
    relative = read.text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "")
    url = f"http://169.254.170.2{relative}" if relative else ""
    url = read.pattern(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        r"http://(127\.0\.0\.1|localhost|169\.254\.170\.2|169\.254\.170\.23)(:\d{1,5})?/\S*",
        "the address of a provider on this machine, such as http://127.0.0.1:9001/credentials",
        url,
    )
    token = read.text("AWS_CONTAINER_AUTHORIZATION_TOKEN", "") or None
    token_file = read.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "")
    return (
        CredentialsProvider(url, token, Path(token_file) if token_file else None) if url else None
    )


def _upload_policy(read: Reader) -> UploadPolicy:
    return UploadPolicy(
        max_upload_bytes=read.integer("MAX_UPLOAD_BYTES", 5 * 1024 * GIB, 1, MAX_OBJECT_BYTES),
        single_part_max_bytes=read.integer("SINGLE_PART_MAX_BYTES", 16 * MIB, 0, MAX_PART_BYTES),
        quota_bytes=read.limit("USER_QUOTA_BYTES", 100 * GIB, 0, 2**53 - 1),
        quota_uploads=read.limit("USER_UPLOADS_MAX", 1_000_000, 1, 2**31 - 1),
        content_types=read.content_types("CONTENT_TYPES"),
        url_ttl_seconds=read.integer("URL_TTL_SECONDS", 900, 1, _WEEK),
        pending_ttl_seconds=read.integer("PENDING_TTL_SECONDS", _WEEK, 60, _YEAR),
        trash_ttl_seconds=read.integer("TRASH_TTL_SECONDS", 30 * 86_400, 60, 10 * _YEAR),
        changes_kept_days=read.integer("CHANGES_KEPT_DAYS", 30, 0, 3650),
        checksum_read_max_bytes=read.integer("CHECKSUM_READ_MAX_BYTES", 5 * GIB, 0, 2**53 - 1),
        check_file_types=read.switch("CHECK_FILE_TYPES", False),
        # Without a way to the media function, nothing would ever be processed.
        process_media=read.switch("MEDIA_PROCESSING", True)
        and bool(read.text("MEDIA_QUEUE_URL", "") or read.text("MEDIA_WORKER_URL", "")),
        key_prefix=key_prefix(read),
    )


def _proxy_policy(read: Reader) -> ProxyPolicy:
    header = read.pattern(
        "CLIENT_ADDRESS_HEADER",
        r"[A-Za-z0-9-]+",
        "the name of a header such as x-forwarded-for",
        "",
    )
    policy = ProxyPolicy(
        header=header.lower() or None,
        secrets=read.secrets("ORIGIN_SECRET", 32),
        networks=read.networks("TRUSTED_PROXIES"),
    )
    if header and not (policy.secrets or policy.networks):
        read.problems.append(
            "CLIENT_ADDRESS_HEADER needs ORIGIN_SECRET or TRUSTED_PROXIES. "
            "Without them, clients could choose their address."
        )
    return policy
