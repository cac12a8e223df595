"""How a request arrived: through which proxy, and under which path."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from gql_api.domain.policy import ProxyPolicy
from gql_api.http.client_address import client_address


class Arrival:
    """Middleware that puts the client's address and the path prefix into the scope.

    `base_path` is the prefix below which clients reach the API, such as /api. A gateway may also
    leave its stage in the path, as HTTP APIs do, even on a custom domain. Both are accepted, alone
    or together, because gateways differ in what they remove.
    """

    def __init__(self, app: ASGIApp, *, proxy: ProxyPolicy, base_path: str) -> None:
        self._app = app
        self._proxy = proxy
        self._base_path = base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request.

        Raises:
            RuntimeError: it is no HTTP request. Servers try lifespan events, and take this to mean
                that the app does not handle them (ASGI specification, Lifespan Protocol).
        """
        if scope["type"] != "http":
            raise RuntimeError(f"This app does not handle {scope['type']} events.")
        address = client_address(self._proxy, scope)
        arrived = {
            **scope,
            "client": (address, 0) if address else None,
            "root_path": self._root_path(scope),
        }
        await self._app(arrived, receive, send)

    def _root_path(self, scope: Scope) -> str:
        """Return the part of the path that precedes the app's own paths."""
        root_path = ""
        for prefix in (_stage(scope), self._base_path):
            if prefix and scope["path"].startswith(f"{root_path}{prefix}/"):
                root_path += prefix
        return root_path


def _stage(scope: Scope) -> str:
    """Return the path of the API Gateway stage; empty if there is none."""
    context = scope.get("aws.event", {}).get("requestContext", {})
    stage = context.get("stage", "$default")
    return "" if stage == "$default" else f"/{stage}"
