"""How people sign in, as clients see it."""

from typing import Self

import strawberry

from gql_api.domain import issuers as domain


@strawberry.type(description="An OpenID Connect issuer at which the web client signs people in.")
class SignInIssuer:
    """See `domain.issuers.Issuer`."""

    name: str = strawberry.field(description="The name to show to people.")
    issuer: str = strawberry.field(
        description="The URL of the issuer, whose metadata tells the rest (OpenID Discovery)."
    )
    client_id: str = strawberry.field(description="The id of the web client at the issuer.")


@strawberry.type(description="How people sign in at this service.")
class SignInMethods:
    """See `domain.issuers.SignInMethods`."""

    passwords: bool = strawberry.field(
        description="Whether login works. If not, login, signUp and changePassword are FORBIDDEN."
    )
    sign_up: bool = strawberry.field(description="Whether signUp is open to everyone.")
    issuers: list[SignInIssuer] = strawberry.field(
        description=(
            "The issuers at which the web client signs people in. Their tokens are accepted as "
            "bearer tokens; those of issuers without a clientId are, too, but they are not listed."
        )
    )

    @classmethod
    def of(cls, methods: domain.SignInMethods) -> Self:
        """Return the methods as clients see them."""
        return cls(
            passwords=methods.passwords,
            sign_up=methods.sign_up,
            issuers=[
                SignInIssuer(name=it.name, issuer=it.issuer, client_id=it.client_id)
                for it in methods.issuers
                if it.client_id is not None
            ],
        )
