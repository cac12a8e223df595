from __future__ import annotations

import base64
import hashlib
import os
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gql_api.domain.ids import new_id
from gql_api.domain.parts import MIB, plan_parts
from gql_api.domain.uploads import (
    Checksum,
    ChecksumAlgorithm,
    ObjectFacts,
    UploadStatus,
    difference,
    may_become,
    missing_parts,
    object_key,
    upload_name_of,
)
from tests.random_work import examples
from tests.upload_records import NOW, an_upload

PENDING, STORED, TRASHED, REJECTED, CANCELLED, EXPIRED, DELETED = UploadStatus
ALLOWED = {
    *((PENDING, to) for to in (STORED, REJECTED, CANCELLED, EXPIRED, DELETED)),
    *((STORED, to) for to in (TRASHED, REJECTED, DELETED)),
    *((TRASHED, to) for to in (STORED, REJECTED, DELETED)),
    *((status, DELETED) for status in (REJECTED, CANCELLED, EXPIRED)),
}
EMPTY = base64.b64encode(hashlib.sha256().digest()).decode()
OTHER = base64.b64encode(hashlib.sha256(b"other").digest()).decode()


@pytest.mark.parametrize(("status", "to"), list(product(UploadStatus, UploadStatus)))
def test_the_state_machine(status: UploadStatus, to: UploadStatus) -> None:
    assert may_become(status, to) is ((status, to) in ALLOWED)


def test_what_counts_against_the_quota() -> None:
    assert {status for status in UploadStatus if status.counts} == {PENDING, STORED, TRASHED}
    # An upload whose quota was released never reserves it again.
    assert not any(to.counts and not status.counts for status, to in ALLOWED)


CRC = "rosUhgp5mIg="
FACTS = ObjectFacts(size_bytes=1000, content_type="image/jpeg", etag='"e"', sha256=None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, None),
        ({"etag": '"another"'}, None),
        ({"sha256": EMPTY}, None),
        ({"size_bytes": 999}, "The bucket received 999 bytes; 1000 were declared."),
        (
            {"content_type": "image/png"},
            "The bucket received type image/png; image/jpeg was declared.",
        ),
        ({"sha256": OTHER}, f"The bytes have SHA-256 {OTHER}; {EMPTY} was declared."),
    ],
)
def test_differences(changes: dict[str, Any], sentence: str | None) -> None:
    upload = an_upload(checksum=Checksum(ChecksumAlgorithm.SHA256, EMPTY))
    assert difference(upload, FACTS._replace(**changes)) == sentence


def test_a_checksum_is_compared_with_one_of_the_same_algorithm() -> None:
    upload = an_upload(checksum=Checksum(ChecksumAlgorithm.SHA256, EMPTY))
    upload = upload._replace(checksum=Checksum(ChecksumAlgorithm.CRC64NVME, CRC))
    assert difference(upload, FACTS._replace(sha256=OTHER, crc64nvme=CRC)) is None
    sentence = f"The bytes have CRC-64/NVME AAAAAAAAAAA=; {CRC} was declared."
    assert difference(upload, FACTS._replace(crc64nvme="AAAAAAAAAAA=")) == sentence


def test_without_a_declared_checksum_any_will_do() -> None:
    assert difference(an_upload(), FACTS._replace(sha256=OTHER)) is None


@examples(60)
@given(st.integers(16 * MIB + 1, 2**36), st.data())
def test_missing_parts(size: int, data: st.DataObject) -> None:
    plan = plan_parts(size, 16 * MIB)
    numbers = st.integers(1, plan.count)
    absent = data.draw(st.sets(numbers, max_size=5))
    wrong = data.draw(st.sets(numbers, max_size=5))
    received = {n: plan.size(n) for n in range(1, plan.count + 1) if n not in absent}
    received |= {n: plan.size(n) + data.draw(st.sampled_from((-1, 1))) for n in wrong}
    received[plan.count + 1] = 1  # A part outside the plan is ignored.
    assert missing_parts(plan, received) == sorted(absent | wrong)


def test_all_parts_are_missing_at_first() -> None:
    assert missing_parts(plan_parts(40 * MIB, 16 * MIB), {}) == [1, 2, 3]
    assert missing_parts(plan_parts(0, 16 * MIB), {}) == [1]
    assert missing_parts(plan_parts(0, 16 * MIB), {1: 0}) == []


def is_well_formed(algorithm: ChecksumAlgorithm, value: str) -> bool:
    return Checksum(algorithm, value).is_well_formed


def test_sha256() -> None:
    algorithm = ChecksumAlgorithm.SHA256
    assert is_well_formed(algorithm, EMPTY)
    assert is_well_formed(algorithm, base64.b64encode(os.urandom(32)).decode())
    for bad in (
        *("", "x", "é" * 44, "\ud800", EMPTY[:-1], EMPTY + "=", EMPTY + "\n", " " + EMPTY),
        *(hashlib.sha256().hexdigest(), base64.b64encode(bytes(31)).decode()),
        base64.b64encode(bytes(33)).decode(),
        base64.urlsafe_b64encode(b"\xff" * 32).decode(),
        EMPTY[:-2] + "V=",  # The same bytes, with unused bits set.
    ):
        assert not is_well_formed(algorithm, bad), bad


def test_crc64nvme() -> None:
    algorithm = ChecksumAlgorithm.CRC64NVME
    assert is_well_formed(algorithm, CRC)
    for bad in ("", CRC[:-1], CRC + "\n", CRC[:-2] + "h=", "ae8b14860a799888", EMPTY):
        assert not is_well_formed(algorithm, bad), bad


@pytest.mark.parametrize("prefix", ["uploads", "a/b", "uploads/x"])
def test_a_key_leads_back_to_its_upload(prefix: str) -> None:
    owner_id, upload_id = new_id(NOW), new_id(NOW)
    key = object_key(prefix, owner_id, upload_id)
    assert key == f"{prefix}/{owner_id}/{upload_id}"
    assert upload_name_of(prefix, key) == (owner_id, upload_id)


def test_other_keys_belong_to_no_upload() -> None:
    a, b = new_id(NOW), new_id(NOW)
    for key in (
        *("", "uploads", "uploads/", f"uploads/{a}", f"uploads/{a}/", f"uploads//{b}"),
        *(f"uploads/{a}/{b}/", f"uploads/{a}/{b}/c", f"/uploads/{a}/{b}", f"{a}/{b}"),
        *(f"uploads/uploads/{a}/{b}", f"UPLOADS/{a}/{b}", f"uploads2/{a}/{b}"),
        *(f"uploads/{a}/{b.upper()}", f"uploads/{a}/{b}\n", f"uploads/{a}\n/{b}"),
        *(f"uploads/../uploads/{a}/{b}", f"uploads/{a}/..", f"uploads/me/{b}", "uploads/\0/\0"),
        *(f"uploads%2F{a}%2F{b}", f"uploads\\{a}\\{b}"),
    ):
        assert upload_name_of("uploads", key) is None, key


@examples(100)
@given(st.text())
def test_no_other_text_is_a_key_of_ours(text: str) -> None:
    for key in (text, f"uploads/{text}", f"uploads/{text}/{text}"):
        assert upload_name_of("uploads", key) is None
