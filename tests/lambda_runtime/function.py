"""A Lambda function: a handler run by AWS's runtime client in a child process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from local import ports
from local.server import Server
from tests.lambda_runtime.runtime_api import RuntimeApi

_ROOT = Path(__file__).parents[2]
_DEADLINE_SECONDS = 60  # Generous: it only stops a test that hangs.


class LambdaFunction:
    """An execution environment that `invoke` sends events to, as Lambda does."""

    def __init__(self, api: RuntimeApi, process: asyncio.subprocess.Process, log: Path) -> None:
        self._api = api
        self._process = process
        self._log = log

    async def invoke(self, event: Any) -> Any:
        """Invoke the handler and return its result.

        Raises:
            FunctionError: the handler raised an exception.
        """
        outcome = self._api.invoke(event)
        ended = asyncio.create_task(self._process.wait())
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await asyncio.wait([outcome, ended], return_when=asyncio.FIRST_COMPLETED)
        if not outcome.done():
            raise AssertionError(f"The runtime exited: {self.log()}")
        ended.cancel()
        return outcome.result()

    async def initialized(self) -> None:
        """Wait until the function has been loaded and asks for its first invocation."""
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await self._api.asked.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process, such as SIGSTOP to freeze it as Lambda does."""
        self._process.send_signal(number)

    def log(self) -> str:
        """Return the output of the process so far."""
        return self._log.read_text(encoding="utf-8")

    def imported(self) -> set[str]:
        """Return the modules that the process has imported, and their top-level packages."""
        # The process logs its imports (`python -X importtime`).
        modules = {line.rpartition("|")[2].strip() for line in self.log().splitlines()}
        return modules | {module.partition(".")[0] for module in modules}


@asynccontextmanager
async def lambda_function(
    handler: str,
    environment: Mapping[str, str],
    log: Path,
    *,
    python: Sequence[str] = (sys.executable, "-W", "error"),
    task_root: Path = _ROOT,
) -> AsyncIterator[LambdaFunction]:
    """Run a handler with Lambda's variables and `environment`.

    A name without a dot is that of a handler in `gql_api.lambda_handlers`.
    `python` is the interpreter with its options. It imports the handler from `task_root`.
    """
    api = RuntimeApi()
    server = Server(api.app, ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        with log.open("wb") as stream:
            process = await asyncio.create_subprocess_exec(
                *(*python, "-X", "importtime", "-m", "awslambdaric"),
                handler if "." in handler else f"gql_api.lambda_handlers.{handler}",
                env={**_lambda_variables(server.url.removeprefix("http://")), **environment},
                cwd=task_root,
                stdout=stream,
                stderr=stream,
            )
        try:
            yield LambdaFunction(api, process, log)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
    finally:
        api.stop()
        await server.stop()


def _lambda_variables(runtime_api: str) -> dict[str, str]:
    """Return Lambda's "Defined runtime environment variables", except region and credentials."""
    return {
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_FUNCTION_NAME": "media",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LANG": "en_US.UTF-8",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": ":UTC",
    }
