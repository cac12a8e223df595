"""media api-key create, ls, revoke."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial

import click

from media_client.cli.context import Context, complain, pass_context
from media_client.cli.options import TIME, json_option
from media_client.cli.output import json_line, rows, time_text
from media_client.cli.streams import line, read_line
from media_client.errors import InvalidCredentials
from media_client.models import ApiKey, ApiKeyScope


@click.group("api-key")
def api_key() -> None:
    """Create, list and revoke API keys: tokens for scripts.

    \b
    Example:
      MEDIA_TOKEN=$(media api-key create nightly-backup)
    """


@api_key.command()
@click.argument("name")
@click.option(
    "--expires",
    type=TIME,
    metavar="TIME",
    help="Expiry, such as 2027-01-01, in local time unless it has an offset. Default: never.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in ApiKeyScope], case_sensitive=False),
    default=ApiKeyScope.ALL.value,
    show_default=True,
    help="READ: list and download. UPLOAD: upload only. ALL: everything except account changes.",
)
@click.option("--password-stdin", is_flag=True, help="Read your password from stdin.")
@json_option
@pass_context
def create(
    context: Context,
    name: str,
    expires: datetime | None,
    scope: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Create an API key and print it. It is shown only once.

    Prompts for your password if the last login was more than 15 minutes ago.

    \b
    Example:
      media api-key create nightly-backup --scope UPLOAD --expires 2027-01-01
    """
    password = read_line() if password_stdin else None
    with context.client() as client:
        create = partial(
            client.create_api_key, name, expires_at=expires, scope=ApiKeyScope(scope.upper())
        )
        try:
            created = create(current_password=password)
        except InvalidCredentials:
            if password is not None or not sys.stdin.isatty():
                raise
            created = create(current_password=click.prompt("Password", hide_input=True, err=True))
    if as_json:
        json_line({"token": created.token, **_fields(created.api_key)})
    else:
        line(created.token)
        complain(f"Save this key now: it is not shown again. Its id is {created.api_key.id}.")


@api_key.command()
@json_option
@pass_context
def ls(context: Context, as_json: bool) -> None:
    """List your API keys, without their secrets.

    \b
    Example:
      media api-key ls
    """
    with context.client() as client:
        keys = client.api_keys()
    if as_json:
        for key in keys:
            json_line(_fields(key))
        return
    rows(
        ("ID", "CREATED", "EXPIRES", "LAST USED", "SCOPE", "NAME"),
        [
            (
                key.id,
                time_text(key.created_at),
                time_text(key.expires_at) or "never",
                time_text(key.last_used_at) or "never",
                key.scope.value,
                key.name,
            )
            for key in keys
        ],
    )


@api_key.command()
@click.argument("key_id", metavar="ID")
@json_option
@pass_context
def revoke(context: Context, key_id: str, as_json: bool) -> None:
    """Revoke an API key and print its id.

    \b
    Example:
      media api-key revoke 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
    """
    with context.client() as client:
        revoked = client.revoke_api_key(key_id)
    if as_json:
        json_line({"id": revoked})
    else:
        line(revoked)


def _fields(key: ApiKey) -> dict[str, str | None]:
    return {
        "id": key.id,
        "name": key.name,
        "createdAt": time_text(key.created_at),
        "expiresAt": time_text(key.expires_at) or None,
        "lastUsedAt": time_text(key.last_used_at) or None,
        "scope": key.scope.value,
    }
