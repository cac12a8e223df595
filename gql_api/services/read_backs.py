"""Reads objects back: settles the uploads whose checksum the bucket does not report."""

from __future__ import annotations

from gql_api.domain.uploads import upload_name_of
from gql_api.services.media import MediaService
from gql_api.services.settling import SettlingService


class ReadBackService:
    """Settles one upload at a time, reading its object however large it is."""

    def __init__(self, *, settling: SettlingService, media: MediaService, key_prefix: str) -> None:
        self._settling = settling
        self._media = media
        self._key_prefix = key_prefix

    async def read(self, key: str) -> None:
        """Settle the upload whose object has this key, and have it processed; safe to repeat.

        An object that was read already is not read again. Keys of no upload are ignored.

        Raises:
            StillProcessing: the time limit has passed.
            Unavailable: the database or the storage does not respond.
        """
        name = upload_name_of(self._key_prefix, key)
        settlement = await self._settling.settle_object(name, key) if name else None
        if settlement is not None:
            await self._media.request(settlement.upload)
