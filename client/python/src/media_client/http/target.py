"""The URL of a request, taken apart once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from media_client.errors import ConfigurationError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_CREDENTIALS = re.compile(r"//[^/@]*@")


@dataclass(frozen=True, slots=True)
class Target:
    """An http or https URL. `query` has its question mark; signed ones are secrets."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str
    query: str

    @classmethod
    def of(cls, url: str) -> Target:
        """Parse a URL.

        Raises:
            ConfigurationError: it is not a valid http or https URL.
        """
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            scheme, host, port = "", None, None
        if scheme not in _DEFAULT_PORTS or not host or port == 0:
            shown = _CREDENTIALS.sub("//", url.partition("?")[0])
            raise ConfigurationError(
                f"{shown!r} is not a server address. It must start with http:// or https://."
            )
        authority = parts.netloc.rpartition("@")[2]
        query = f"?{parts.query}" if parts.query else ""
        return cls(
            scheme, host, port or _DEFAULT_PORTS[scheme], authority, parts.path or "/", query
        )

    @property
    def url(self) -> str:
        """The URL, without the credentials that it may have had."""
        return f"{self.scheme}://{self.authority}{self.path}{self.query}"
