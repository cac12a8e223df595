"""The media service, as this app's backend uses it: for one of its users at a time."""

from __future__ import annotations

from media_client import Disposition, MediaClient


class Media:
    """The service at `url`, reached with an operator's key, which acts for users."""

    def __init__(self, url: str, key: str) -> None:
        self._client = MediaClient(url, token=key)

    def picture_url(self, user: str, upload_id: str) -> str | None:
        """Return a signed URL of the thumbnail; None if the user has no such file or picture."""
        rendition = self._client.acting_as(user).rendition(upload_id)
        return None if rendition is None else rendition.url

    def file_url(self, user: str, upload_id: str) -> str | None:
        """Return a signed URL that shows the file; None if the user has no such file."""
        client = self._client.acting_as(user)
        request = client.download_request(upload_id, disposition=Disposition.INLINE)
        return None if request is None else request.url

    def store(self, user: str, filename: str, text: str) -> None:
        """Upload a text as a file of the user."""
        self._client.acting_as(user).upload_file(
            text.encode(), filename=filename, content_type="text/plain"
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
