"""An HTTP server for an ASGI app that runs in this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from local import ports
from local.connection import Connection, Limits
from local.errors import CannotRun

_STOP_SECONDS = 5
# A client that reuses a connection while the server closes it gets no answer, and does not know
# whether its request was handled. So the server must wait longer than its clients: httpx waits 5 s,
# which is also uvicorn's default; Node.js and browsers wait up to a minute or more.
IDLE_CONNECTION_SECONDS = 75
_LOOK_EVERY_SECONDS = 0.01


class Server:
    """Serves `app` on a socket from `ports.bound_socket`, between `start` and `stop`."""

    def __init__(self, app: ASGIApp, bound: socket.socket, limits: Limits | None = None) -> None:
        self.url = f"http://{ports.HOST}:{bound.getsockname()[1]}"
        self._bound = bound
        # uvicorn creates the connections itself, from a class.
        limited = type("Connection", (Connection,), {"limits": limits or Limits()})
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                http=limited,
                ws="none",
                log_config=None,
                access_log=False,
                # By default, uvicorn trusts X-Forwarded-For from every client on this machine.
                # gql_api/http/client_address.py decides when to trust it.
                proxy_headers=False,
                lifespan="off",
                timeout_keep_alive=IDLE_CONNECTION_SECONDS,
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._uvicorn.server_state.connections)

    async def start(self) -> None:
        """Start the server and wait until it accepts requests.

        Raises:
            CannotRun: the server does not start.
        """
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[self._bound]))
        while not self._uvicorn.started:
            if self._task.done():
                raise CannotRun("The API did not start. See the log messages above.")
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def stop(self) -> None:
        """Finish running requests, for at most five seconds, and close the socket."""
        self._uvicorn.should_exit = True
        if self._task is not None:
            await self._task
        self._bound.close()


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the stack, which stops all of its servers."""
        yield
