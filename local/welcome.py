"""The message that is printed when the stack is running."""

from __future__ import annotations

import json
import shlex

from gql_api.settings import Settings
from local.configuration import Configuration
from local.data import DATABASE_URL

STARTED = "Press Ctrl-C to stop."
"""The last line of the message."""

_SIGN_UP = (
    'mutation { signUp(input: {username: "ada", password: "correct horse"}) '
    "{ __typename ... on Session { accessToken } ... on UserError { code message } } }"
)


def text(configuration: Configuration, settings: Settings, url: str) -> str:
    """Return the addresses, and a command to try. URLs of databases contain passwords."""
    database = "from DB_URL"
    if configuration.own_database:
        database = f"URL in {configuration.data_directory / DATABASE_URL}"
    bucket = settings.s3_endpoint_url or "AWS"
    if settings.s3_public_endpoint_url is not None:
        bucket += f" (clients use {settings.s3_public_endpoint_url})"
    return f"""The media upload service is running.

  Web page  {url}
  API       {url}/graphql
  Health    {url}/health
  Database  {database}, {settings.db_name}
  Bucket    {bucket}, {settings.s3_bucket}/{settings.uploads.key_prefix}
  Data      {configuration.data_directory}

{_next_step(settings, url)}

{STARTED}
"""


def _next_step(settings: Settings, url: str) -> str:
    if not settings.sign_up_open:
        return "Open the web page and log in. Operators create users; see docs/operations.md."
    return f"""Open the web page, sign up, and drop a file on it. Or sign up with curl:

  {_sign_up_command(url)}"""


def _sign_up_command(url: str) -> str:
    body = shlex.quote(json.dumps({"query": _SIGN_UP}))
    return f"curl -s {url}/graphql -H 'Content-Type: application/json' -d {body}"
