"""Evidence: what the store reports about an object, as far as it can be relied on."""

from __future__ import annotations

from gql_api.domain.bucket import Bucket
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.uploads import ObjectFacts, Upload
from gql_api.services.deployment import DeploymentService


class Evidence:
    """Asks the bucket, and relies only on what the store was seen to do.

    Some stores repeat the checksum that a client sent, without comparing it with the bytes.
    """

    def __init__(self, bucket: Bucket, deployment: DeploymentService) -> None:
        self._bucket = bucket
        self._deployment = deployment

    async def facts(self, upload: Upload) -> ObjectFacts | None:
        """Return the facts of the upload's object; None if there is no object.

        `sha256` is None unless the store rejects wrong checksums, `crc64nvme` unless it computes
        them itself; the object must be read then. If the store does not keep content types, the
        declared one is used: it was part of the signed request, and downloads set it again.
        """
        facts = await self._bucket.head(upload.key)
        if facts is None:
            return None
        traits = await self._traits()
        if traits is None or not traits.verifies_checksums:
            facts = facts._replace(sha256=None)
        if traits is None or not traits.verifies_crc64nvme:
            facts = facts._replace(crc64nvme=None)
        if traits is not None and not traits.keeps_content_types:
            facts = facts._replace(content_type=upload.content_type)
        return facts

    async def may_be_overwritten(self, upload: Upload) -> bool:
        """Return whether a URL signed earlier can still replace the object.

        The URL of a whole object is signed with `If-None-Match: *`, which a store may ignore. Parts
        cannot change an object that was assembled.
        """
        if upload.plan.multipart:
            return False
        traits = await self._traits()
        return traits is None or not traits.conditional_writes

    async def _traits(self) -> StoreTraits | None:
        return (await self._deployment.current()).traits
