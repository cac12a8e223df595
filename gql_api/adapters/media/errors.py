"""Why a decoder gives up."""

from __future__ import annotations


class Undecodable(Exception):
    """Nothing can be derived from the file. The message is a sentence for the file's owner."""
