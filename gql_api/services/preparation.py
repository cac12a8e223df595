"""Preparation: what must be done before a release serves requests."""

from __future__ import annotations

from gql_api.domain.deployment import RELEASE, Deployments, Schema, Tell
from gql_api.services.deployment import DeploymentService

_FOREIGN = (
    "Database and bucket do not carry the same identity. Uploads work, but objects that the "
    "database does not know are kept. If they belong together, run: python -m gql_api.admin adopt"
)


class PreparationService:
    """Brings the database to this release. Requests only check that this was done."""

    def __init__(
        self, *, schema: Schema, deployments: Deployments, deployment: DeploymentService
    ) -> None:
        self._schema = schema
        self._deployments = deployments
        self._deployment = deployment

    async def prepare(self, tell: Tell, *, adopt: bool = False) -> bool:
        """Create indexes, run migrations, identify the bucket, and record the release.

        Returns whether database and bucket carry the same identity; with `adopt`, they always do.
        Has no time limit. Safe to repeat and to run concurrently. The release is recorded last, so
        that no request is served by a database that lacks something.
        """
        before = await self._deployments.read()
        await self._schema.apply(before.release, tell)
        identified = await self._deployment.identify()
        if not identified and adopt:
            await self._deployment.adopt()
            identified = True
        if not identified:
            tell(_FOREIGN)
        await self._deployments.record_release(RELEASE)
        return identified
