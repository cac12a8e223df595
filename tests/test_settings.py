from __future__ import annotations

import traceback
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from gql_api.domain.issuers import Issuer
from gql_api.domain.parts import GIB, MAX_OBJECT_BYTES, MAX_PART_BYTES, MIB
from gql_api.domain.policy import ProxyPolicy, SessionPolicy, UploadPolicy
from gql_api.environment import SettingsError
from gql_api.settings import (
    AwsCredentials,
    CredentialsProvider,
    Settings,
    read_settings,
)

SECRETS = {
    "DB_URL": "mongodb://someone:hidden-one@db.example.com/",
    "AWS_SECRET_ACCESS_KEY": "hidden-two",
    "AWS_SESSION_TOKEN": "hidden-three",
    "JWT_SECRET_KEY": "hidden-four-" * 6,
}
NEEDED = {
    **SECRETS,
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "S3_BUCKET": "my-media",
}


def problems(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(NEEDED | changes)
    assert "hidden" not in "".join(traceback.format_exception(caught.value))
    return caught.value.problems


def value_of(settings: Settings, path: str) -> Any:
    value: Any = settings
    for name in path.split("."):
        value = getattr(value, name)
    return value


def test_defaults() -> None:
    without_token = {name: NEEDED[name] for name in NEEDED if name != "AWS_SESSION_TOKEN"}
    assert read_settings(without_token) == Settings(
        db_url=NEEDED["DB_URL"],
        db_name="media",
        aws=AwsCredentials("AKIDEXAMPLE", "hidden-two", None, None),
        aws_region="eu-central-1",
        s3_bucket="my-media",
        s3_endpoint_url=None,
        s3_public_endpoint_url=None,
        checksum_queue_url=None,
        media_queue_url=None,
        media_worker_url=None,
        media_worker_token=None,
        webhook_queue_url=None,
        webhook_allowed_hosts=(),
        jwt_keys={"default": NEEDED["JWT_SECRET_KEY"]},
        algorithm="HS256",
        uploads=UploadPolicy(
            max_upload_bytes=5 * 1024 * GIB,
            single_part_max_bytes=16 * MIB,
            quota_bytes=100 * GIB,
            quota_uploads=1_000_000,
            content_types=("*/*",),
            url_ttl_seconds=900,
            pending_ttl_seconds=604_800,
            checksum_read_max_bytes=5 * GIB,
            key_prefix="uploads",
        ),
        sessions=SessionPolicy(
            access_ttl_seconds=900,
            refresh_ttl_seconds=2_592_000,
            session_max_seconds=15_552_000,
        ),
        user_requests_per_minute=None,
        base_path="",
        proxy=ProxyPolicy(),
        sign_up_open=True,
        passwords=True,
        oidc_issuers=(),
        cors_origins=(),
        cookie_secure=True,
        graphql_ide=False,
        introspection=False,
        graphql_get=False,
        graphql_max_values=1_000_000,
        graphql_max_response_bytes=5 * 1024**2,
        graphql_stock_executor=False,
        metrics_namespace=None,
    )


ISSUERS = '[{"name": "Acme", "issuer": "https://acme.test/", "audience": "media"}]'
GOOD: list[tuple[str, str, str, Any]] = [
    ("DB_URL", "mongodb+srv://cluster.example.net", "db_url", "mongodb+srv://cluster.example.net"),
    ("DB_NAME", " other ", "db_name", "other"),
    ("AWS_SESSION_TOKEN", "token", "aws.session_token", "token"),
    (
        "AWS_CREDENTIAL_EXPIRATION",
        "2030-01-31T13:00:00+01:00",
        "aws.expires_at",
        datetime(2030, 1, 31, 12, tzinfo=UTC),
    ),
    (
        "AWS_CREDENTIAL_EXPIRATION",
        "2030-01-31T12:00:00Z",
        "aws.expires_at",
        datetime(2030, 1, 31, 12, tzinfo=UTC),
    ),
    ("AWS_SESSION_TOKEN_SECONDS", "3600", "aws.session_token_seconds", 3600),
    ("S3_BUCKET", "a.b-1", "s3_bucket", "a.b-1"),
    ("S3_ENDPOINT_URL", "http://localhost:9000", "s3_endpoint_url", "http://localhost:9000"),
    ("S3_PUBLIC_ENDPOINT_URL", "https://s3.test", "s3_public_endpoint_url", "https://s3.test"),
    ("ALGORITHM", "HS512", "algorithm", "HS512"),
    ("SIGN_UP", "closed", "sign_up_open", False),
    ("PASSWORDS", "off", "passwords", False),
    ("OIDC_ISSUERS", ISSUERS, "oidc_issuers", (Issuer("Acme", "https://acme.test/", "media"),)),
    ("OIDC_ISSUERS", "[]", "oidc_issuers", ()),
    ("MAX_UPLOAD_BYTES", "1", "uploads.max_upload_bytes", 1),
    ("MAX_UPLOAD_BYTES", str(MAX_OBJECT_BYTES), "uploads.max_upload_bytes", MAX_OBJECT_BYTES),
    ("SINGLE_PART_MAX_BYTES", "0", "uploads.single_part_max_bytes", 0),
    ("SINGLE_PART_MAX_BYTES", str(5 * GIB), "uploads.single_part_max_bytes", MAX_PART_BYTES),
    ("USER_QUOTA_BYTES", "0", "uploads.quota_bytes", 0),
    ("USER_QUOTA_BYTES", "", "uploads.quota_bytes", None),
    ("USER_QUOTA_BYTES", "  ", "uploads.quota_bytes", None),
    ("USER_QUOTA_BYTES", str(2**53 - 1), "uploads.quota_bytes", 2**53 - 1),
    ("USER_UPLOADS_MAX", "1", "uploads.quota_uploads", 1),
    ("USER_UPLOADS_MAX", "", "uploads.quota_uploads", None),
    ("USER_UPLOADS_MAX", str(2**31 - 1), "uploads.quota_uploads", 2**31 - 1),
    ("CONTENT_TYPES", "Image/*, video/mp4", "uploads.content_types", ("image/*", "video/mp4")),
    ("URL_TTL_SECONDS", "604800", "uploads.url_ttl_seconds", 604_800),
    ("PENDING_TTL_SECONDS", "60", "uploads.pending_ttl_seconds", 60),
    ("TRASH_TTL_SECONDS", "60", "uploads.trash_ttl_seconds", 60),
    ("CHANGES_KEPT_DAYS", "0", "uploads.changes_kept_days", 0),
    ("CHECK_FILE_TYPES", "true", "uploads.check_file_types", True),
    ("CHECKSUM_READ_MAX_BYTES", "0", "uploads.checksum_read_max_bytes", 0),
    ("S3_KEY_PREFIX", "a/b.c-d_E", "uploads.key_prefix", "a/b.c-d_E"),
    ("ACCESS_TTL_SECONDS", "30", "sessions.access_ttl_seconds", 30),
    ("REFRESH_TTL_SECONDS", "60", "sessions.refresh_ttl_seconds", 60),
    ("SESSION_MAX_SECONDS", "60", "sessions.session_max_seconds", 60),
    (
        "CORS_ORIGINS",
        "https://a.test, http://b.test:1",
        "cors_origins",
        ("https://a.test", "http://b.test:1"),
    ),
    (
        "CHECKSUM_QUEUE_URL",
        "https://sqs.test/1/reads",
        "checksum_queue_url",
        "https://sqs.test/1/reads",
    ),
    ("BASE_PATH", "/api/v1", "base_path", "/api/v1"),
    ("ORIGIN_SECRET", f"{'a' * 32}, {'b' * 32}", "proxy.secrets", ("a" * 32, "b" * 32)),
    (
        "TRUSTED_PROXIES",
        "10.0.0.0/8, 2001:db8::1",
        "proxy.networks",
        (ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128")),
    ),
    ("USER_REQUESTS_PER_MINUTE", "600", "user_requests_per_minute", 600),
    ("COOKIE_SECURE", "false", "cookie_secure", False),
    ("GRAPHQL_IDE", "true", "graphql_ide", True),
    ("GRAPHQL_INTROSPECTION", "true", "introspection", True),
    ("GRAPHQL_GET", "true", "graphql_get", True),
    ("GRAPHQL_MAX_VALUES", "1000", "graphql_max_values", 1000),
    ("GRAPHQL_MAX_RESPONSE_BYTES", "65536", "graphql_max_response_bytes", 65536),
    ("GRAPHQL_STOCK_EXECUTOR", "true", "graphql_stock_executor", True),
    ("METRICS_NAMESPACE", "media/production", "metrics_namespace", "media/production"),
]


@pytest.mark.parametrize(("name", "text", "path", "value"), GOOD)
def test_good_values(name: str, text: str, path: str, value: Any) -> None:
    # The JWT key is long enough for every algorithm.
    assert value_of(read_settings(NEEDED | {name: text}), path) == value


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        (
            {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9001/c"},
            "http://127.0.0.1:9001/c",
        ),
        ({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c"}, "http://169.254.170.2/v2/c"),
    ],
)
def test_a_provider_replaces_the_keys(variables: dict[str, str], url: str) -> None:
    token = {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden-five"}
    with_keys = read_settings(NEEDED | variables | token)
    assert with_keys.aws.provider is None
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    without = {name: value for name, value in NEEDED.items() if name not in keys}
    settings = read_settings(without | variables | token)
    assert settings.aws.provider == CredentialsProvider(url, "hidden-five", None)
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize("url", ["http://elsewhere.test/c", "https://127.0.0.1/c", "x"])
def test_a_provider_is_on_this_machine(url: str) -> None:
    """Anyone who answers there could choose the keys, and the token would be sent there."""
    [problem] = problems(AWS_CONTAINER_CREDENTIALS_FULL_URI=url)
    assert problem.startswith("AWS_CONTAINER_CREDENTIALS_FULL_URI must be")


BAD = [
    ("PASSWORDS", "none"),
    ("OIDC_ISSUERS", "https://acme.test/"),
    ("AWS_SESSION_TOKEN_SECONDS", "59"),
    ("METRICS_NAMESPACE", "our metrics"),
    ("DB_URL", "postgres://db"),
    ("DB_URL", "mongodb://"),
    ("AWS_CREDENTIAL_EXPIRATION", "tomorrow"),
    ("AWS_CREDENTIAL_EXPIRATION", "2030-01-31T12:00:00"),
    ("AWS_CREDENTIAL_EXPIRATION", "9999-12-31T23:59:59-12:00"),
    ("S3_BUCKET", "My-Media"),
    ("S3_BUCKET", "ab"),
    ("S3_BUCKET", "a/b"),
    ("S3_BUCKET", "a" * 64),
    ("S3_ENDPOINT_URL", "localhost:9000"),
    ("S3_ENDPOINT_URL", "http://localhost/path"),
    ("S3_ENDPOINT_URL", "http://user:hidden@localhost"),
    ("S3_ENDPOINT_URL", "ftp://localhost"),
    ("S3_PUBLIC_ENDPOINT_URL", "https://s3.test/"),
    ("JWT_SECRET_KEY", "hidden"),
    ("ALGORITHM", "none"),
    ("ALGORITHM", "RS256"),
    ("ALGORITHM", "hs256"),
    ("MAX_UPLOAD_BYTES", "0"),
    ("MAX_UPLOAD_BYTES", str(MAX_OBJECT_BYTES + 1)),
    ("MAX_UPLOAD_BYTES", "5 GiB"),
    ("MAX_UPLOAD_BYTES", "-1"),
    ("MAX_UPLOAD_BYTES", "1e9"),
    ("MAX_UPLOAD_BYTES", "１"),
    ("MAX_UPLOAD_BYTES", "9" * 5000),
    ("SINGLE_PART_MAX_BYTES", "-1"),
    ("SINGLE_PART_MAX_BYTES", str(5 * GIB + 1)),
    ("USER_QUOTA_BYTES", "none"),
    ("USER_QUOTA_BYTES", str(2**53)),
    ("USER_UPLOADS_MAX", "0"),
    ("USER_UPLOADS_MAX", str(2**31)),
    ("CONTENT_TYPES", ","),
    ("CONTENT_TYPES", "image"),
    ("CONTENT_TYPES", "image/*,*/png"),
    ("CONTENT_TYPES", "text/plain; charset=utf-8"),
    ("URL_TTL_SECONDS", "0"),
    ("URL_TTL_SECONDS", "604801"),
    ("PENDING_TTL_SECONDS", "59"),
    ("TRASH_TTL_SECONDS", "59"),
    ("CHANGES_KEPT_DAYS", "-1"),
    ("CHECKSUM_READ_MAX_BYTES", "-1"),
    ("USER_REQUESTS_PER_MINUTE", "0"),
    ("USER_REQUESTS_PER_MINUTE", "none"),
    ("S3_KEY_PREFIX", "/uploads"),
    ("S3_KEY_PREFIX", "uploads/"),
    ("S3_KEY_PREFIX", "a//b"),
    ("S3_KEY_PREFIX", "ü"),
    ("ACCESS_TTL_SECONDS", "29"),
    ("REFRESH_TTL_SECONDS", "59"),
    ("SESSION_MAX_SECONDS", "59"),
    ("CHECKSUM_QUEUE_URL", "media-reads"),
    ("BASE_PATH", "api"),
    ("BASE_PATH", "/api/"),
    ("BASE_PATH", "/"),
    ("ORIGIN_SECRET", "hidden"),
    ("ORIGIN_SECRET", "a" * 32 + ",hidden"),
    ("ORIGIN_SECRET", "hidden " * 8),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("TRUSTED_PROXIES", "proxy.test"),
    ("CLIENT_ADDRESS_HEADER", "x-forwarded-for"),
    ("CORS_ORIGINS", "*"),
    ("CORS_ORIGINS", "https://*.test"),
    ("CORS_ORIGINS", "https://a.test/"),
    ("CORS_ORIGINS", "a.test"),
    ("COOKIE_SECURE", "yes"),
    ("GRAPHQL_IDE", "1"),
    ("GRAPHQL_INTROSPECTION", "True"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_bad_values(name: str, text: str) -> None:
    (problem,) = problems(**{name: text})
    assert problem.startswith(f"{name} ")


@pytest.mark.parametrize("name", sorted(NEEDED.keys() - {"AWS_SESSION_TOKEN"}))
@pytest.mark.parametrize("nothing", ["", " \t"])
def test_what_is_needed(name: str, nothing: str) -> None:
    assert problems(**{name: nothing}) == [f"{name} is missing."]
    with pytest.raises(SettingsError) as caught:
        read_settings({other: NEEDED[other] for other in NEEDED if other != name})
    assert caught.value.problems == [f"{name} is missing."]


def test_an_empty_value_is_as_good_as_none() -> None:
    optional = (
        {name for name, *_ in GOOD} - NEEDED.keys() - {"USER_QUOTA_BYTES", "USER_UPLOADS_MAX"}
    )
    assert read_settings(NEEDED | dict.fromkeys(optional, " ")) == read_settings(NEEDED)


def test_all_problems_are_told_at_once() -> None:
    bad = {name: text for name, text in BAD if name not in ("DB_URL", "S3_BUCKET")}
    with pytest.raises(SettingsError) as caught:
        read_settings(bad)
    missing = {"DB_URL", "S3_BUCKET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    names = [problem.split()[0] for problem in caught.value.problems]
    assert sorted(names) == sorted({*bad, *missing, "AWS_DEFAULT_REGION"})
    assert str(caught.value).splitlines() == [
        "Invalid settings:",
        *(f"- {problem}" for problem in caught.value.problems),
    ]


def test_no_secret_is_shown() -> None:
    shown = repr(read_settings(NEEDED))
    assert "hidden" not in shown
    assert "my-media" in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DB_URL", "mongo://someone:hidden@db"),
        ("DB_URL", "hidden"),
        ("JWT_SECRET_KEY", "k:hidden"),
        ("JWT_SECRET_KEY", "hidden," + "hidden" * 10),
    ],
)
def test_no_problem_repeats_a_secret(name: str, text: str) -> None:
    assert problems(**{name: text})


A, B = "a" * 32, "b" * 48


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (A, {"default": A}),
        (f"2030:{A}", {"2030": A}),
        (f"new:{A}, old:{B}", {"new": A, "old": B}),
        (f"new:{A},{B}", {"new": A, "default": B}),
        (f"k:{A}:{B}", {"k": f"{A}:{B}"}),
    ],
)
def test_jwt_keys(text: str, keys: dict[str, str]) -> None:
    found = read_settings(NEEDED | {"JWT_SECRET_KEY": text}).jwt_keys
    assert found == keys
    assert list(found) == list(keys)  # The first one signs.


@pytest.mark.parametrize(("algorithm", "least"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_jwt_keys_are_as_long_as_the_hash(algorithm: str, least: int) -> None:
    for good in ("x" * least, "é" * (least // 2)):
        read_settings(NEEDED | {"ALGORITHM": algorithm, "JWT_SECRET_KEY": good})
    for bad in ("x" * (least - 1), f"a:{'x' * least},b:{'x' * (least - 1)}"):
        (problem,) = problems(ALGORITHM=algorithm, JWT_SECRET_KEY=bad)
        assert f"at least {least} bytes" in problem


@pytest.mark.parametrize("text", [f"{A},{B}", f"{A},", f",{A}", f"k:{A},k:{B}", f":{A}"])
def test_each_jwt_key_has_an_id_of_its_own(text: str) -> None:
    """Otherwise one key would silently replace another, or sign without an id."""
    (problem,) = problems(JWT_SECRET_KEY=text)
    assert problem.startswith("JWT_SECRET_KEY ")


# ------------------------------------------------------------------ media processing

QUEUE = {"MEDIA_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/media"}
WORKER = {"MEDIA_WORKER_URL": "http://127.0.0.1:8010", "MEDIA_WORKER_TOKEN": "hidden-" * 6}


@pytest.mark.parametrize(
    ("variables", "processes"),
    [
        ({}, False),
        ({"MEDIA_PROCESSING": "true"}, False),
        (QUEUE, True),
        (WORKER, True),
        ({**QUEUE, "MEDIA_PROCESSING": "false"}, False),
        ({**WORKER, "MEDIA_PROCESSING": "false"}, False),
        ({**QUEUE, "MEDIA_PROCESSING": "true"}, True),
        ({**QUEUE, "MEDIA_WORKER_URL": " "}, True),
    ],
)
def test_media_are_processed_where_there_is_a_way_to_the_media_function(
    variables: dict[str, str], processes: bool
) -> None:
    settings = read_settings(NEEDED | variables)
    assert settings.uploads.process_media is processes


def test_the_media_function_is_reached_in_one_way() -> None:
    both = problems(**QUEUE, **WORKER)
    assert both == ["MEDIA_QUEUE_URL and MEDIA_WORKER_URL are set. Set only one of them."]
    no_token = problems(MEDIA_WORKER_URL=WORKER["MEDIA_WORKER_URL"])
    assert no_token == ["MEDIA_WORKER_URL needs MEDIA_WORKER_TOKEN."]
    for name, text in (
        ("MEDIA_QUEUE_URL", "media"),
        ("MEDIA_WORKER_URL", "127.0.0.1:8010"),
        ("MEDIA_WORKER_TOKEN", "hidden-short"),
        ("MEDIA_PROCESSING", "no"),
    ):
        [problem] = problems(**{**(WORKER if "WORKER" in name else {}), name: text})
        assert problem.startswith(f"{name} ")
        assert "short" not in problem


def test_the_token_of_the_worker_is_not_shown() -> None:
    settings = read_settings(NEEDED | WORKER)
    assert settings.media_worker_token == WORKER["MEDIA_WORKER_TOKEN"]
    assert "hidden" not in repr(settings)
