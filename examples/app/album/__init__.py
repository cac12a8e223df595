"""A small application whose users upload files by the media upload service."""
