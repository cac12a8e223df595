"""The network address of the client, which limits and the security log rely on.

Behind a proxy such as CloudFront, every connection comes from the proxy. The operator names the
header in which the proxy passes the client's address, and how to prove that a request came through
the proxy. Without the proof, anyone could write the header, so it is ignored.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from gql_api.domain.policy import IpAddress, ProxyPolicy

FORWARDED_FOR = "x-forwarded-for"
PROOF_HEADER = "x-origin-secret"
VIEWER_ADDRESS = "cloudfront-viewer-address"

Scope = Mapping[str, Any]


def client_address(policy: ProxyPolicy, scope: Scope) -> str | None:
    """Return the address of the client that sent the request; None if it is unknown.

    This is the address from the proxy's header if the request proves that it came through the
    proxy and the header is well-formed, and otherwise the address of the connection.
    """
    connected = _connected(scope)
    peer = _parsed(connected)
    if policy.header is None or not _is_proven(policy, scope, peer):
        return str(peer) if peer else connected
    values = _header(scope, policy.header)
    if policy.header == FORWARDED_FOR:
        found = _forwarded(policy, peer, ",".join(values).split(","))
    else:
        # Two headers of this name mean that the proxy did not replace the client's own.
        with_port = policy.header == VIEWER_ADDRESS
        found = _parsed(values[0], with_port=with_port) if len(values) == 1 else None
    return str(found or peer or connected)


def _connected(scope: Scope) -> str | None:
    """Return the address of the connection, as the gateway or server reports it.

    A load balancer reports it only at the end of X-Forwarded-For, after entries that the client
    may have written ("HTTP headers and Application Load Balancers", Elastic Load Balancing).
    """
    event = scope.get("aws.event")
    if event is not None and "elb" in event["requestContext"]:
        return ",".join(_header(scope, FORWARDED_FOR)).rpartition(",")[2].strip() or None
    client = scope.get("client")
    return client[0] or None if client else None


def _is_proven(policy: ProxyPolicy, scope: Scope, peer: IpAddress | None) -> bool:
    """Return whether the request came through the operator's proxy.

    Every kind of proof that the operator configured is required.
    """
    if policy.secrets:
        values = _header(scope, PROOF_HEADER)
        given = values[0].encode("latin-1") if len(values) == 1 else b""
        # A list, so that the time does not depend on which secret matches.
        matches = [hmac.compare_digest(given, secret.encode()) for secret in policy.secrets]
        if not any(matches):
            return False
    if policy.networks:
        return peer is not None and _is_within(peer, policy)
    return bool(policy.secrets)


def _forwarded(policy: ProxyPolicy, peer: IpAddress | None, entries: list[str]) -> IpAddress | None:
    """Return the last entry of X-Forwarded-For that is not a proxy; None if an entry is malformed.

    Each proxy appends the address that it was contacted from, and API Gateway appends that of the
    proxy itself. The client may have written all entries before its own.
    """
    for entry in reversed(entries):
        address = _parsed(entry)
        if address is None or (address != peer and not _is_within(address, policy)):
            return address
    return None


def _is_within(address: IpAddress, policy: ProxyPolicy) -> bool:
    return any(address in network for network in policy.networks)


def _header(scope: Scope, name: str) -> list[str]:
    """Return the values of a header, one per line in which it occurs."""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    wanted = name.encode()
    return [value.decode("latin-1").strip() for key, value in headers if key.lower() == wanted]


def _parsed(text: str | None, *, with_port: bool = False) -> IpAddress | None:
    """Parse an address with or without a port: 192.0.2.1:443, [2001:db8::1]:443.

    `with_port`: a port always follows, so IPv6 addresses need no brackets. CloudFront writes
    2001:db8::1:443.
    """
    host = (text or "").strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif with_port or host.count(":") == 1:
        host = host.rpartition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address
