"""What `make deploy` finds out before it builds anything, and after `sam deploy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import __main__ as deploy
from deploy.account import open_session
from deploy.environments import Environment
from deploy.errors import DeployError

STAGING = Environment("media-staging", "eu-west-1", None)


@pytest.fixture
def no_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without AWS credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.mark.usefixtures("no_aws")
def test_without_credentials_it_fails_at_once_with_a_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "read_environment", lambda _name: STAGING)
    assert deploy.main(["check", "staging"]) == 1
    assert capsys.readouterr().err == (
        "Cannot deploy: there are no AWS credentials. Sign in, for example with `aws sso login`, "
        "or name a profile: AWS_PROFILE=…\n"
    )


@pytest.mark.usefixtures("no_aws")
def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(DeployError, match=r"profile \(nobody\) could not be found"):
        open_session(Environment("media-staging", "eu-west-1", "nobody"))


@pytest.mark.usefixtures("no_aws")
def test_credentials_that_cannot_be_checked_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(DeployError, match="AWS does not accept the credentials: Could not connect"):
        open_session(STAGING)


@pytest.mark.usefixtures("no_aws")
def test_an_unknown_environment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main(["check", "nowhere"]) == 1
    assert capsys.readouterr().err.startswith("Cannot deploy: samconfig.toml ")
