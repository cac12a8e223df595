"""A process that sweeps and sends webhooks until killed: `python -m tests.faults.relaying`.

The service's settings are in its environment. It shares the work with the API's process.
"""

from __future__ import annotations

import asyncio
import os
from typing import NoReturn

from gql_api import bootstrap
from gql_api.domain.errors import Unavailable
from gql_api.services.sweep_report import SweepFailed
from gql_api.settings import read_settings
from gql_api.webhook_builder import webhook_sending


async def main() -> NoReturn:
    """Relay and send, over and over."""
    container = bootstrap.build(read_settings(os.environ))
    sending = webhook_sending(container)
    while True:
        try:
            await container.maintenance.sweep()
            await sending.send_due(1)
        except (Unavailable, SweepFailed):
            pass  # MongoDB is being restarted.
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())
