"""A contender: the media function's decoder, which reads ranges and starts a process for each file.

python -m benchmarks.media.derive URL COUNT
"""

from __future__ import annotations

import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benchmarks.media.usage import report
from gql_api.adapters.media.decoding import decode
from gql_api.domain.media import Derived


def main(url: str, count: int) -> None:
    """Derive all of a file `count` times, and print the figures."""
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc)

    connection.request("HEAD", address.path)
    head = connection.getresponse()
    head.read()
    size_bytes = int(head.headers["Content-Length"])

    def fetch(offset: int, length: int) -> bytes:
        headers = {"Range": f"bytes={offset}-{offset + length - 1}"}
        connection.request("GET", address.path, headers=headers)
        return connection.getresponse().read()

    def once() -> None:
        derived = decode(fetch, size_bytes)
        assert isinstance(derived, Derived), derived
        assert len(derived.renditions) == 2

    report(once, count)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
