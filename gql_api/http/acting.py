"""The header Act-As, with which a backend's request names the user that it acts for."""

from __future__ import annotations

from gql_api.domain.opaque_tokens import OPERATOR_KEY_PREFIX
from gql_api.domain.operator_keys import is_acting_subject
from gql_api.http.messages import Refusal
from gql_api.schema.context import ACT_AS, bearer_token
from gql_api.schema.headers import Headers


def check_act_as(headers: Headers) -> None:
    """Fail with 400 unless Act-As is valid, if there is one.

    Only a request with an operator's key may have it. So a mistake in a backend, which sends a
    user's token and Act-As, is never carried out for the wrong user.
    """
    values = headers.all(ACT_AS)
    if not values:
        return
    if len(values) > 1 or not is_acting_subject(values[0]):
        raise Refusal(
            400,
            "Act-As must be sent once, with the external id of a user: 1 to 255 visible ASCII "
            "characters without spaces and commas.",
        )
    tokens = [bearer_token(value) or "" for value in headers.all("authorization")]
    if len(tokens) != 1 or not tokens[0].startswith(OPERATOR_KEY_PREFIX):
        raise Refusal(400, "Act-As needs an operator's key as the bearer token, and no other.")
