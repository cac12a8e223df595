"""media login, logout, password, whoami, limits."""

from __future__ import annotations

import sys

import click

from media_client.api import endpoint
from media_client.cli.context import Context, complain, pass_context
from media_client.cli.options import json_option
from media_client.cli.output import json_line, pairs, size_text, time_text
from media_client.cli.streams import line, read_line
from media_client.errors import MediaError, NotSignedIn, Unauthenticated
from media_client.models import User


@click.command()
@click.option("--url", help="Address of the service; saved for later commands.")
@click.option("--username", "-u", help="Username; prompted for if omitted.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@click.option("--with-token", is_flag=True, help="Read an API key from stdin and store it.")
@click.option("--sign-up", is_flag=True, help="Create the account first.")
@json_option
@pass_context
def login(
    context: Context,
    url: str | None,
    username: str | None,
    password_stdin: bool,
    with_token: bool,
    sign_up: bool,
    as_json: bool,
) -> None:
    """Sign in and stay signed in: the session renews itself.

    --profile NAME keeps this account beside others.

    \b
    Example:
      media login --url https://media.example.com --username ada
      media login --profile work --url https://media.example.com
      media login --with-token < api-key.txt
    """
    url = endpoint(url or context.url)
    if with_token:
        user = _login_with_token(context, url)
    else:
        user = _login_with_password(context, url, username, password_stdin, sign_up)
    context.configuration.set_url(url)
    if as_json:
        json_line({"username": user.username, "url": url, "profile": context.settings.profile})
    else:
        line(f"Signed in as {user.username}.")


def _login_with_password(
    context: Context, url: str, username: str | None, password_stdin: bool, sign_up: bool
) -> User:
    if username is None:
        _check_terminal("--username")
        username = str(click.prompt("Username", err=True))
    if password_stdin:
        password = read_line()
    else:
        _check_terminal("--password-stdin")
        password = click.prompt("Password", hide_input=True, err=True, confirmation_prompt=sign_up)
    with context.configuration.locked():
        pass  # Taking the lock checks that a session can be stored, before one is created.
    with context.connect(url, store=context.configuration.session(url)) as client:
        return (client.sign_up if sign_up else client.login)(username, password).user


def _check_terminal(option: str) -> None:
    """Raise a UsageError that names `option` if nobody can answer a question."""
    if not sys.stdin.isatty():
        raise click.UsageError(f"Stdin is not a terminal to ask a question on: pass {option}.")


def _login_with_token(context: Context, url: str) -> User:
    token = read_line().strip()
    if not token:
        raise click.UsageError("--with-token expects an API key on stdin, but stdin is empty.")
    with context.connect(url, token=token) as client:
        user = client.viewer()
    if user is None:
        raise Unauthenticated("UNAUTHENTICATED", "The service does not accept this token.")
    context.configuration.set_token(url, token)
    return user


@click.command()
@click.option("--everywhere", is_flag=True, help="End your sessions on all devices.")
@json_option
@pass_context
def logout(context: Context, everywhere: bool, as_json: bool) -> None:
    """Sign out and delete the tokens stored on this machine.

    \b
    Example:
      media logout --everywhere
    """
    url = context.url
    if context.configuration.token(url) is not None:
        context.configuration.set_token(url, None)
        if as_json:
            json_line({"apiKeyRemoved": True, "endedSessions": 0})
            return
        line(
            "The API key was removed from this machine. "
            "`media api-key revoke` revokes it everywhere."
        )
        return
    ended = _end_session(context, everywhere)
    context.configuration.set_token(url, None)
    if as_json:
        json_line({"apiKeyRemoved": False, "endedSessions": ended})
    else:
        line("Signed out." if ended else "You were not signed in.")


def _end_session(context: Context, everywhere: bool) -> int:
    """End the stored session, and return how many sessions ended."""
    with context.client() as client:
        try:
            return client.logout(everywhere=everywhere)
        except (NotSignedIn, Unauthenticated):
            return 0
        except MediaError:
            complain("The session could not be ended on the service and is still stored.")
            raise


@click.command()
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the current and the new password from stdin, one per line.",
)
@click.option("--revoke-api-keys", is_flag=True, help="Revoke all of your API keys as well.")
@json_option
@pass_context
def password(context: Context, password_stdin: bool, revoke_api_keys: bool, as_json: bool) -> None:
    """Change your password. This ends your other sessions; API keys stay valid by default.

    \b
    Example:
      media password --revoke-api-keys
      media password --password-stdin < old-and-new.txt
    """
    if password_stdin:
        current, new = read_line(), read_line()
    else:
        _check_terminal("--password-stdin")
        current = click.prompt("Current password", hide_input=True, err=True)
        new = click.prompt("New password", hide_input=True, err=True, confirmation_prompt=True)
    with context.client() as client:
        ended = client.change_password(current, new, revoke_api_keys=revoke_api_keys)
    if as_json:
        json_line({"endedSessions": ended, "apiKeysRevoked": revoke_api_keys})
        return
    revoked = " Your API keys were revoked." if revoke_api_keys else ""
    line(f"The password was changed. Other sessions ended: {ended}.{revoked}")


@click.command()
@json_option
@pass_context
def whoami(context: Context, as_json: bool) -> None:
    """Show who is signed in and how much of the quota is used.

    \b
    Example:
      media whoami
    """
    with context.client() as client:
        user = client.viewer()
    if user is None:
        raise Unauthenticated(
            "UNAUTHENTICATED", "The token is no longer valid. Run `media login` again."
        )
    if as_json:
        json_line(
            {
                "id": user.id,
                "username": user.username,
                "email": user.email,
                "fullName": user.full_name,
                "createdAt": time_text(user.created_at),
                "usage": {
                    "bytes": user.usage_bytes,
                    "uploads": user.usage_uploads,
                    "quotaBytes": user.quota_bytes,
                },
            }
        )
        return
    quota = "no limit" if user.quota_bytes is None else size_text(user.quota_bytes)
    pairs(
        {
            "Username": user.username,
            "Used": f"{size_text(user.usage_bytes)} of {quota}, {user.usage_uploads} uploads",
            "Service": context.url,
        }
    )


@click.command()
@json_option
@pass_context
def limits(context: Context, as_json: bool) -> None:
    """Show what the service accepts.

    \b
    Example:
      media limits --json
    """
    with context.client() as client:
        accepted = client.limits()
    if as_json:
        json_line(
            {
                "maxUploadBytes": accepted.max_upload_bytes,
                "singlePartMaxBytes": accepted.single_part_max_bytes,
                "contentTypes": list(accepted.content_types),
                "urlTtlSeconds": accepted.url_ttl_seconds,
                "pendingTtlSeconds": accepted.pending_ttl_seconds,
                "trashTtlSeconds": accepted.trash_ttl_seconds,
                "checksumAlgorithms": list(accepted.checksum_algorithms),
            }
        )
        return
    pairs(
        {
            "Maximum file size": size_text(accepted.max_upload_bytes),
            "Single part up to": size_text(accepted.single_part_max_bytes),
            "Media types": ", ".join(accepted.content_types),
            "URLs valid for": f"{accepted.url_ttl_seconds} s",
            "Pending uploads expire after": f"{accepted.pending_ttl_seconds} s",
            "The trash keeps uploads for": f"{accepted.trash_ttl_seconds} s",
            "Checksums": ", ".join(accepted.checksum_algorithms),
        }
    )
