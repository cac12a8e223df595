"""The configuration read from the environment and .env."""

from __future__ import annotations

from pathlib import Path

import pytest

from gql_api.settings import Settings
from local.configuration import Configuration, read_configuration
from local.data import Ports, Secrets
from local.errors import BadConfiguration
from local.servers import embedded_servers
from local.service_settings import service_settings

SECRETS = Secrets("1a2b3c4d", "j" * 64, "s" * 64, "w" * 64, "m" * 64)
BUCKET = {
    "S3_BUCKET": "given",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "eu-west-1",
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # The data directory is relative.
    return tmp_path / ".env"


def settings_for(configuration: Configuration) -> Settings:
    servers = embedded_servers(configuration, Ports(1, 2, 4), SECRETS)
    return service_settings(configuration, SECRETS, servers)


def test_nothing_need_be_set(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.service_settings.is_built", lambda: True)
    configuration = read_configuration({}, file)

    assert (configuration.port, configuration.data_directory.name) == (8000, ".local")
    assert (configuration.own_database, configuration.own_bucket) == (True, True)
    settings = settings_for(configuration)
    assert settings.db_url.partition("@")[2].startswith("127.0.0.1:1/?")
    assert settings.s3_endpoint_url == "http://127.0.0.1:2"
    assert settings.graphql_ide
    assert settings.introspection
    assert settings.graphql_get
    assert not settings.cookie_secure
    assert settings.uploads.process_media
    assert settings.media_worker_url == "http://127.0.0.1:4"
    assert settings.media_worker_token == SECRETS.media_token
    assert "http://localhost:8000" in settings.cors_origins


def test_there_is_no_playground_without_a_web_client(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.service_settings.is_built", lambda: False)

    assert not settings_for(read_configuration({}, file)).graphql_ide


def test_the_file_is_read_and_the_environment_wins(file: Path) -> None:
    file.write_text("PORT=1\nDATA_DIR='with space'\nURL_TTL_SECONDS=60\nDB_URL=mongodb://a$b/\n")

    configuration = read_configuration({"PORT": "2", "URL_TTL_SECONDS": "61"}, file)

    assert (configuration.port, configuration.data_directory.name) == (2, "with space")
    settings = settings_for(configuration)
    assert settings.uploads.url_ttl_seconds == 61
    assert settings.db_url == "mongodb://a$b/"


def test_an_empty_value_in_the_environment_is_none_at_all(file: Path) -> None:
    file.write_text("DB_URL=mongodb://given/\n")

    assert read_configuration({"DB_URL": ""}, file).own_database


def test_an_empty_quota_means_none(file: Path) -> None:
    file.write_text("USER_QUOTA_BYTES=\nUSER_UPLOADS_MAX=\n")

    uploads = settings_for(read_configuration({}, file)).uploads
    assert (uploads.quota_bytes, uploads.quota_uploads) == (None, None)


def test_an_embedded_bucket_gets_nothing_of_a_real_one(file: Path) -> None:
    stray = {
        "AWS_ACCESS_KEY_ID": "stray",
        "AWS_SECRET_ACCESS_KEY": "stray",
        "AWS_SESSION_TOKEN": "stray",
        "AWS_CREDENTIAL_EXPIRATION": "2001-01-01T00:00:00Z",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }

    assert settings_for(read_configuration(stray, file)) == settings_for(
        read_configuration({}, file)
    )


def test_an_embedded_bucket_may_have_a_public_address(file: Path) -> None:
    configuration = read_configuration({"S3_PUBLIC_ENDPOINT_URL": "https://files.test"}, file)

    settings = settings_for(configuration)

    assert settings.s3_endpoint_url == "http://127.0.0.1:2"
    assert settings.s3_public_endpoint_url == "https://files.test"


def test_an_embedded_database_keeps_its_sweep_off_the_objects_of_others(file: Path) -> None:
    settings = settings_for(read_configuration(BUCKET, file))

    assert settings.s3_bucket == "given"
    assert settings.uploads.key_prefix == "local-1a2b3c4d"


def test_an_embedded_bucket_keeps_its_sweep_off_the_records_of_others(file: Path) -> None:
    settings = settings_for(read_configuration({"DB_URL": "mongodb://given/"}, file))

    assert settings.db_name == "media-local-1a2b3c4d"


def test_names_that_are_given_are_used(file: Path) -> None:
    both = {**BUCKET, "DB_URL": "mongodb://given/", "DB_NAME": "media", "S3_KEY_PREFIX": "mine"}

    settings = settings_for(read_configuration(both, file))

    assert (settings.db_name, settings.uploads.key_prefix) == ("media", "mine")


def test_a_server_without_a_bucket_is_refused(file: Path) -> None:
    with pytest.raises(BadConfiguration, match="S3_BUCKET is missing"):
        read_configuration({"S3_ENDPOINT_URL": "http://127.0.0.1:9000"}, file)


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("", set()),
        ("Media.LAN, a.test ,,", {"media.lan", "a.test"}),
        ("[fd00::1],192.168.1.5", {"[fd00::1]", "192.168.1.5"}),
    ],
)
def test_allowed_hosts(file: Path, given: str, hosts: set[str]) -> None:
    assert read_configuration({"ALLOWED_HOSTS": given}, file).allowed_hosts == hosts


@pytest.mark.parametrize(
    "given", ["http://a.test", "a.test:80", "*", "a.test/x", "fd00::1", "é.test"]
)
def test_what_is_no_host(file: Path, given: str) -> None:
    with pytest.raises(BadConfiguration, match="ALLOWED_HOSTS has"):
        read_configuration({"ALLOWED_HOSTS": given}, file)
