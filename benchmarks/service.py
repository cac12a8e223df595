"""The service as an ASGI app for uvicorn, with settings from the environment."""

from __future__ import annotations

import os

from gql_api.bootstrap import build
from gql_api.http.app import create_app
from gql_api.settings import read_settings

app = create_app(build(read_settings(os.environ)))
