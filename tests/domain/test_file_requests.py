from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from gql_api.domain.errors import BadUserInput, FileTooLarge, InvalidInput, UnsupportedMediaType
from gql_api.domain.file_requests import (
    FileRequest,
    PartSelection,
    check_part_checksums,
    checked_tags,
    draft,
    selected_parts,
)
from gql_api.domain.parts import GIB, MIB, PartPlan, plan_parts
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadStatus
from tests.upload_records import NOW, OWNER, POLICY, a_request, drafted

SHA256 = base64.b64encode(hashlib.sha256(b"bytes").digest()).decode()
CHECKSUM = Checksum(ChecksumAlgorithm.SHA256, SHA256)


def problems(
    request: FileRequest,
    policy: UploadPolicy = POLICY,
    algorithms: Sequence[ChecksumAlgorithm] = (ChecksumAlgorithm.SHA256,),
) -> dict[tuple[str, ...], str]:
    failure = draft(OWNER, request, policy, NOW, algorithms)
    assert isinstance(failure, InvalidInput)
    return {field.path: field.message for field in failure.fields}


def test_a_draft() -> None:
    request = a_request(
        content_type="Image/JPEG", checksum=CHECKSUM, tags=(" a", "b", "a"), client_token="t"
    )
    upload = drafted(request)
    assert upload == Upload(
        id=upload.id,
        owner_id=OWNER,
        key=f"uploads/{OWNER}/{upload.id}",
        filename="photo.jpg",
        content_type="image/jpeg",
        size_bytes=1000,
        checksum=CHECKSUM,
        tags=("a", "b"),
        status=UploadStatus.PENDING,
        status_reason=None,
        created_at=NOW,
        stored_at=None,
        expires_at=NOW + timedelta(days=7),
        plan=PartPlan(1000, 1000, multipart=False),
        request_digest=upload.request_digest,
        client_token="t",
        check_at=NOW + timedelta(seconds=900),
    )


def test_it_is_looked_at_no_later_than_it_expires() -> None:
    upload = drafted(a_request(), POLICY._replace(pending_ttl_seconds=60))
    assert upload.check_at == upload.expires_at == NOW + timedelta(seconds=60)


def test_the_plan_and_the_key_follow_the_policy() -> None:
    policy = POLICY._replace(single_part_max_bytes=5 * MIB, key_prefix="a/b")
    upload = drafted(a_request(size_bytes=20 * MIB), policy)
    assert upload.plan == plan_parts(20 * MIB, 5 * MIB)
    assert upload.key == f"a/b/{OWNER}/{upload.id}"


def test_each_draft_has_an_id_of_its_own_in_order() -> None:
    ids = [drafted(a_request()).id for _ in range(500)]
    assert ids == sorted(set(ids))


def test_all_fields_that_are_wrong_are_told_at_once() -> None:
    request = FileRequest(
        filename="",
        content_type="image",
        size_bytes=1,
        checksum=Checksum(ChecksumAlgorithm.SHA256, "abc"),
        tags=("good", "", "x" * 101),
        client_token="\0",
    )
    assert problems(request) == {
        ("filename",): "must not be empty",
        ("contentType",): "is not a media type such as image/png (ASCII, at most 255 characters)",
        ("checksum",): "must be a SHA-256 in Base64 (44 characters)",
        ("clientToken",): "must not contain the NUL character",
        ("tags", "1"): "must not be empty",
        ("tags", "2"): "has 101 characters; at most 100 are allowed",
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"filename": "x" * 256}, ("filename",)),
        ({"filename": "a\0"}, ("filename",)),
        ({"filename": "\udc80"}, ("filename",)),
        ({"content_type": "image/*"}, ("contentType",)),
        ({"content_type": "text/html\r\nx: y"}, ("contentType",)),
        ({"client_token": ""}, ("clientToken",)),
        ({"client_token": "x" * 201}, ("clientToken",)),
        ({"tags": ("\ud800",)}, ("tags", "0")),
    ],
)
def test_one_field_that_is_wrong(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    assert list(problems(a_request(**changes))) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"filename": "x" * 255},
        {"filename": "../../etc/passwd"},
        {"size_bytes": 0},
        {"client_token": "x" * 200},
        {"tags": tuple(str(n) for n in range(50))},
        {"tags": ("x" * 100,)},
    ],
)
def test_what_is_just_right(changes: dict[str, Any]) -> None:
    assert drafted(a_request(**changes)).status is UploadStatus.PENDING


def test_a_file_that_is_too_large() -> None:
    policy = POLICY._replace(max_upload_bytes=1000)
    assert drafted(a_request(size_bytes=1000), policy).size_bytes == 1000
    failure = draft(OWNER, a_request(size_bytes=1001), policy, NOW)
    assert isinstance(failure, FileTooLarge)
    assert failure.max_upload_bytes == 1000


def test_a_type_that_is_not_accepted() -> None:
    policy = POLICY._replace(content_types=("image/*", "text/plain"))
    for good in ("image/png", "text/plain; charset=utf-8"):
        drafted(a_request(content_type=good), policy)
    failure = draft(OWNER, a_request(content_type="text/html"), policy, NOW)
    assert isinstance(failure, UnsupportedMediaType)
    assert failure.content_types == ("image/*", "text/plain")


@pytest.mark.parametrize(
    ("read_max", "single_max", "limit"), [(GIB, 16 * MIB, GIB), (0, 16 * MIB, 16 * MIB)]
)
def test_a_checksum_needs_a_file_that_can_be_read(
    read_max: int, single_max: int, limit: int
) -> None:
    policy = POLICY._replace(checksum_read_max_bytes=read_max, single_part_max_bytes=single_max)
    drafted(a_request(checksum=CHECKSUM, size_bytes=limit), policy)
    found = problems(a_request(checksum=CHECKSUM, size_bytes=limit + 1), policy)
    assert found == {
        ("checksum",): f"can only be verified for files of up to {limit} bytes; "
        "omit it and sign each part with its own checksum"
    }


BOTH = (ChecksumAlgorithm.SHA256, ChecksumAlgorithm.CRC64NVME)
CRC = Checksum(ChecksumAlgorithm.CRC64NVME, "rosUhgp5mIg=")


def test_a_crc64nvme_needs_a_store_that_computes_it_and_no_limit() -> None:
    huge = a_request(checksum=CRC, size_bytes=4 * 1024 * GIB)
    upload = draft(OWNER, huge, POLICY, NOW, BOTH)
    assert isinstance(upload, Upload)
    assert upload.checksum == CRC
    sentence = "is a CRC64NVME, which this store cannot verify; use SHA256"
    assert problems(a_request(checksum=CRC)) == {("checksum",): sentence}
    for bad in (SHA256, "", "rosUhgp5mIg"):
        wrong = a_request(checksum=CRC._replace(value=bad))
        sentence = "must be a big-endian CRC-64/NVME in Base64 (12 characters)"
        assert problems(wrong, algorithms=BOTH) == {("checksum",): sentence}


def test_the_way_out_for_a_file_too_large_to_be_read() -> None:
    found = problems(a_request(checksum=CHECKSUM, size_bytes=6 * GIB), algorithms=BOTH)
    assert "use CRC64NVME, or omit it" in found[("checksum",)]


@pytest.mark.parametrize("size_bytes", [1000, 100 * MIB], ids=["single", "multipart"])
def test_the_parts_of_a_file_with_a_crc64nvme_have_no_checksum(size_bytes: int) -> None:
    upload = drafted(a_request(size_bytes=size_bytes))._replace(checksum=CRC)
    check_part_checksums(upload, [PartSelection(1)])
    with pytest.raises(BadUserInput, match="declares a CRC-64/NVME"):
        check_part_checksums(upload, [PartSelection(1, SHA256)])


def test_the_digest_tells_another_file() -> None:
    request = a_request(tags=("a", "b"))

    def digest(**changes: Any) -> str:
        return drafted(request._replace(**changes)).request_digest

    assert digest() == digest(client_token="t") == digest(content_type="IMAGE/jpeg")
    others: list[dict[str, Any]] = [
        {"filename": "other.jpg"},
        {"content_type": "image/png"},
        {"size_bytes": 1001},
        {"checksum": CHECKSUM},
        {"tags": ("a",)},
        {"tags": ("a, b",)},
    ]
    assert len({digest(), *(digest(**changes) for changes in others)}) == 7


def test_tags_are_told_by_their_place_in_the_input() -> None:
    assert checked_tags(("a", " a ", "b")) == (("a", "b"), [])
    _, found = checked_tags(("a", "a", "", "b", "\0"))
    assert [problem.path for problem in found] == [("tags", "2"), ("tags", "4")]


def test_an_invalid_tag_is_one_problem_however_often_it_occurs() -> None:
    tags, found = checked_tags(("a", *("",) * 499))
    assert (tags, [problem.path for problem in found]) == (("a", ""), [("tags", "1")])


def test_too_many_tags_are_one_problem() -> None:
    tags, none = checked_tags(tuple(str(n % 50) for n in range(100)))
    assert (len(tags), none) == (50, [])
    _, found = checked_tags(("", *(str(n) for n in range(50))))
    assert [(problem.path, problem.message) for problem in found] == [
        (("tags",), "has 51 tags; at most 50 are allowed")
    ]
    _, found = checked_tags(("a",) * 501)
    assert [(problem.path, problem.message) for problem in found] == [
        (("tags",), "has 501 tags; at most 50 are allowed")
    ]


PLAN = plan_parts(2000 * 16 * MIB, 16 * MIB)


def test_the_first_parts_are_selected_when_none_are() -> None:
    assert selected_parts(PLAN, None) == tuple(PartSelection(n) for n in range(1, 101))
    assert selected_parts(plan_parts(0, 1), None) == (PartSelection(1),)
    assert selected_parts(PLAN, ()) == ()


def test_selected_parts_keep_their_order() -> None:
    select = (PartSelection(PLAN.count, SHA256), PartSelection(1), PartSelection(1))
    assert selected_parts(PLAN, select) == select
    assert len(selected_parts(PLAN, (PartSelection(1),) * 1000)) == 1000


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ((PartSelection(1),) * 1001, "More than 1000 parts are selected"),
        ((PartSelection(0),), "The parts of this upload are 1 to 1000"),
        ((PartSelection(1), PartSelection(-1)), "The parts of this upload are 1 to 1000"),
        ((PartSelection(1001),), "The parts of this upload are 1 to 1000"),
        ((PartSelection(7, "abc"),), "The checksum of part 7 must be a SHA-256"),
        ((PartSelection(7, ""),), "The checksum of part 7 must be a SHA-256"),
    ],
)
def test_selections_that_are_refused(select: tuple[PartSelection, ...], message: str) -> None:
    with pytest.raises(BadUserInput, match=message):
        selected_parts(PLAN, select)
