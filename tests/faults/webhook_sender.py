"""A process that sends due webhooks once: `python -m tests.faults.webhook_sender URL SECONDS`.

URL is the database's, without a name. Its clock is so many seconds ahead.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from gql_api.adapters.mongo.database import connect
from gql_api.bootstrap import utc_now
from tests.clock import SettableClock
from tests.webhook_records import Webhooks

DATABASE = "media"


async def main(url: str, seconds_ahead: int) -> None:
    """Send until nothing is due."""
    database = connect(url, DATABASE)
    clock = SettableClock(utc_now() + timedelta(seconds=seconds_ahead))
    print(await Webhooks(database, clock).sending().send_due())
    await database.client.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
