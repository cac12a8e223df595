"""Real servers for the tests: the local stack as a process, and further services beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from local.child import PROJECT, ChildStack
from local.ports import free_port

__all__ = ["BUCKET", "PROJECT", "Service", "free_port", "wait_until"]

BUCKET = "media"
_DEADLINE_SECONDS = 120  # Only reached by a test that hangs.


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true."""
    end = time.monotonic() + _DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, "the condition did not become true in time"
        time.sleep(0.01)


class Service(ChildStack):
    """A service with its own directory."""

    def running(self) -> Self:
        """Wait until the service responds, and return it."""
        self.wait_until_running()
        return self

    def behind(self, bucket: str, public_bucket: str) -> dict[str, str]:
        """Return settings of another service with this one's database server and these buckets."""
        return {
            "DB_URL": self.database_url,
            "DB_NAME": f"other-{free_port()}",
            "S3_BUCKET": BUCKET,
            "S3_ENDPOINT_URL": bucket,
            "S3_PUBLIC_ENDPOINT_URL": public_bucket,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "USER_QUOTA_BYTES": "",
            "S3_KEY_PREFIX": f"other-{free_port()}",
            "MEDIA_PROCESSING": "false",  # These services test transfers only.
        }
