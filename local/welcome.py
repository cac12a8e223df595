"""What is printed once everything runs."""

from __future__ import annotations

import json
import shlex

from gql_api.settings import Settings
from local.configuration import Configuration

_SIGN_UP = (
    'mutation { signUp(input: {username: "ada", password: "correct horse"}) '
    "{ __typename ... on Session { accessToken } ... on UserError { code message } } }"
)


def text(configuration: Configuration, settings: Settings, url: str) -> str:
    """The addresses, and a line to paste. No secret: an URL that was given may hold a password."""
    database = settings.db_url if configuration.own_database else "the one of DB_URL"
    bucket = settings.s3_endpoint_url or "AWS"
    if settings.s3_public_endpoint_url is not None:
        bucket += f" (for clients {settings.s3_public_endpoint_url})"
    return f"""The media upload service is running.

  API       {url}/graphql
  Health    {url}/health
  Database  {database}, {settings.db_name}
  Bucket    {bucket}, {settings.s3_bucket}/{settings.uploads.key_prefix}
  Data      {configuration.data_directory}

Try it:

  {_try_it(url)}

Ctrl-C stops it.
"""


def _try_it(url: str) -> str:
    body = shlex.quote(json.dumps({"query": _SIGN_UP}))
    return f"curl -s {url}/graphql -H 'Content-Type: application/json' -d {body}"
