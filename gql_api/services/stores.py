"""The store: what it was seen to do, and what follows from it for the operator."""

from __future__ import annotations

from collections.abc import Callable

from gql_api.domain.deployment import Deployments, StoreTraits
from gql_api.domain.errors import Unavailable
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.store_probe import ProbeFailed, StoreProbe, UnusableStore
from gql_api.services.deployment import DeploymentService

_CONSEQUENCES = {
    "verifies_checksums": (
        "The store accepts objects with a wrong checksum. The service reads each file that "
        "declares a checksum."
    ),
    "conditional_writes": (
        "The store ignores If-None-Match: until its URL expires, the owner of a file that was sent "
        "in one PUT can replace it. The service checks such objects again afterwards. "
        "SINGLE_PART_MAX_BYTES=0 rules this out."
    ),
    "lists_parts": (
        "The store does not list the parts of a multipart upload, so files over "
        "{single_part_max_bytes} bytes cannot be completed."
    ),
    "lists_multiparts": (
        "The store does not list multipart uploads by a prefix, so the sweep cannot find abandoned "
        "ones. Have the store abort them after a week, with a lifecycle rule or an expiry."
    ),
    "keeps_content_types": (
        "The store does not keep content types. The service does not compare them; downloads have "
        "the declared type."
    ),
    "refuses_unsigned_headers": (
        "The store accepts x-amz-* headers that the signature does not cover. Users can tag their "
        "files, and copy files of others whose object key they know. Update the store, or use it "
        "only for users who trust each other; see docs/stores.md."
    ),
    "verifies_crc64nvme": (
        "The store does not compute the CRC-64/NVME of whole objects, so clients can declare "
        "SHA-256 checksums only."
    ),
}


class StoreService:
    """Probes the store and records what it was seen to do."""

    def __init__(
        self,
        *,
        probe: StoreProbe,
        deployments: Deployments,
        deployment: DeploymentService,
        policy: UploadPolicy,
    ) -> None:
        self._probe = probe
        self._deployments = deployments
        self._deployment = deployment
        self._policy = policy

    async def examine(self, tell: Callable[[str], None]) -> StoreTraits:
        """Probe the store, record its traits, and tell the operator what it cannot do.

        Safe to repeat: the newest result counts.

        Raises:
            ProbeFailed: see `StoreProbe.probe`; also if the store does not respond.
            UnusableStore: the store cannot list parts, and the settings allow multipart uploads.
        """
        try:
            traits = await self._probe.probe()
        except Unavailable as error:
            raise ProbeFailed(error.message) from error
        await self._deployments.record_traits(traits)
        await self._deployment.refresh()
        for line in limitations(traits, self._policy):
            tell(line)
        multipart = self._policy.max_upload_bytes > self._policy.single_part_max_bytes
        if multipart and not traits.lists_parts:
            single = self._policy.single_part_max_bytes
            advice = (
                f"MAX_UPLOAD_BYTES to SINGLE_PART_MAX_BYTES ({single}) or less."
                if single
                else "SINGLE_PART_MAX_BYTES to more than 0, and MAX_UPLOAD_BYTES to that or less."
            )
            raise UnusableStore(
                "Use another store, or allow no file that needs a multipart upload: set " + advice
            )
        return traits


def limitations(traits: StoreTraits, policy: UploadPolicy) -> list[str]:
    """Return a sentence for each thing that the store cannot do, with what follows from it."""
    missing = {trait for trait in _CONSEQUENCES if not getattr(traits, trait)}
    if not policy.single_part_max_bytes:
        missing.discard("conditional_writes")  # No request needs it: there is no single PUT.
    return [
        sentence.format(single_part_max_bytes=policy.single_part_max_bytes)
        for trait, sentence in _CONSEQUENCES.items()
        if trait in missing
    ]
