"""Examining a store that cannot do everything. `tests/stores` examines real ones."""

from __future__ import annotations

import pytest

from gql_api import operators
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.container import Container
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.store_probe import ProbeFailed, UnusableStore
from gql_api.services.stores import StoreService

NOTHING = StoreTraits(
    verifies_checksums=False,
    conditional_writes=False,
    lists_parts=False,
    lists_multiparts=False,
    keeps_content_types=False,
    refuses_unsigned_headers=False,
    verifies_crc64nvme=False,
)


class Probe:
    async def probe(self) -> StoreTraits:
        return NOTHING


def service(container: Container, policy: UploadPolicy) -> StoreService:
    deployments = MongoDeployments(container.database)
    return StoreService(
        probe=Probe(), deployments=deployments, deployment=container.deployment, policy=policy
    )


async def test_each_limitation_is_told_and_a_store_without_parts_is_refused(
    container: Container,
) -> None:
    told: list[str] = []
    with pytest.raises(UnusableStore, match=r"Use another store.*MAX_UPLOAD_BYTES"):
        await service(container, UploadPolicy()).examine(told.append)
    assert len(told) == 7
    assert "files over 16777216 bytes cannot be completed" in " ".join(told)
    assert (await container.deployment.current()).traits == NOTHING


async def test_a_store_without_parts_is_enough_for_small_files(container: Container) -> None:
    policy = UploadPolicy(max_upload_bytes=1000, single_part_max_bytes=1000)
    assert await service(container, policy).examine(print) == NOTHING


@pytest.mark.settings(AWS_SECRET_ACCESS_KEY="wrong-secret-of-the-tests")
async def test_a_refused_request_is_no_trait(container: Container) -> None:
    with pytest.raises(ProbeFailed, match=r"PUT with 403 SignatureDoesNotMatch.*permissions"):
        await operators.store_service(container).examine(print)
    assert (await container.deployment.current()).traits is None
