from __future__ import annotations

import pytest

from gql_api.domain.crc64nvme import Crc64Nvme


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        # NVM Command Set Specification 1.0, figure 122, and the check value of CRC catalogues.
        (bytes(4096), "6482d367eb22b64e"),
        (b"\xff" * 4096, "c0ddba7302eca3ac"),
        (b"123456789", "ae8b14860a799888"),
        (b"", "0000000000000000"),
    ],
)
def test_known_values(data: bytes, digest: str) -> None:
    crc = Crc64Nvme()
    crc.update(data)
    assert crc.digest().hex() == digest


def test_bytes_that_come_in_pieces() -> None:
    crc = Crc64Nvme()
    for piece in (b"1234", b"", b"56789"):
        crc.update(piece)
    assert crc.digest().hex() == "ae8b14860a799888"
