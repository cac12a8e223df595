"""What a host name says about where a server is."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Whether the host is this machine: localhost, 127.0.0.0/8 or ::1."""
    if host is None:
        return False
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
