"""Tokens of an issuer on Lambda, whose client of MongoDB blocks the event loop."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from tests.api import Api
from tests.issuer import Issuer
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import HttpApi


async def test_a_token_of_an_issuer(start: Start, prepared_database: str, issuer: Issuer) -> None:
    function = await start("api", DB_NAME=prepared_database, OIDC_ISSUERS=issuer.settings())
    async with httpx.AsyncClient(
        transport=HttpApi(function), base_url="https://api.test"
    ) as client:
        for subject in ("user-42", "user-43"):
            api = Api(client, issuer.token(subject, datetime.now(UTC)))
            found = await api.data("{ viewer { externalId } }")
            assert found["viewer"] == {"externalId": subject}
            assert (await api.store(b"bytes"))["status"] == "STORED"
    assert issuer.times_asked() == 1


async def test_a_snapshot_has_what_verifies_tokens(
    start: Start, prepared_database: str, issuer: Issuer
) -> None:
    """Importing it takes a tenth of a second."""
    function = await start(
        "api",
        DB_NAME=prepared_database,
        OIDC_ISSUERS=issuer.settings(),
        AWS_LAMBDA_INITIALIZATION_TYPE="snap-start",
        _HANDLER="gql_api.lambda_handlers.api",
    )
    await function.initialized()
    assert {"gql_api.issuers", "joserfc"} <= function.imported()
    assert issuer.asked == []
