"""Which decoder takes which kind of file, and what its errors mean to the file's owner."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeAlias

from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import Format, Kind
from gql_api.adapters.media.ranges import RangeFile
from gql_api.domain.media import REASON_MAX_LENGTH, Derived

TOO_MUCH_READ = "The file needs more reads than are allowed: its parts are too scattered."
TOO_LARGE = f"The image is larger than {Kind.IMAGE.budget.size_bytes // 1024**2} MiB."
TOO_MUCH_MEMORY = "The file needs more memory than is allowed."

# Part of the message of libheif's heif_error_Memory_allocation_error, which is no MemoryError.
_LIBHEIF_NO_MEMORY = "Memory allocation error"

Decoder: TypeAlias = Callable[[RangeFile, Format], Derived]


def load(format: Format) -> Decoder:
    """Return the decoder of a format, after everything that it needs was imported.

    Only what this format needs is imported: the libraries for videos alone take 0.1 s.
    """
    if format.kind is Kind.IMAGE:
        from gql_api.adapters.media import images

        images.warm_up(format)
        return images.derive
    if format.kind is Kind.DOCUMENT:
        from gql_api.adapters.media import documents

        documents.warm_up(format)
        return documents.derive
    from gql_api.adapters.media import videos

    videos.warm_up()
    return videos.derive


def derive(decoder: Decoder, file: RangeFile, format: Format) -> Derived:
    """Return what a decoder derives from a file.

    Raises:
        Undecodable: nothing can be. The message says why, for the file's owner.
        ImportError: a module was not imported by `load`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decoder(file, format)
    # A module that was not imported in time is a defect, not a damaged file.
    except (Undecodable, ImportError):
        raise
    except MemoryError:
        raise Undecodable(TOO_MUCH_MEMORY) from None
    # Decoders raise almost anything for damaged files.
    except Exception as error:
        if file.ranges.exhausted:
            raise Undecodable(TOO_MUCH_READ) from error
        if _LIBHEIF_NO_MEMORY in str(error):
            raise Undecodable(TOO_MUCH_MEMORY) from error
        raise Undecodable(_sentence(format, error)) from error


def _sentence(format: Format, error: Exception) -> str:
    # FFmpeg's errors add a number, and the name of a file, which there is none of.
    cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
    sentence = printable(f"The file is not a valid {format.name.upper()} file: {cause}")
    return sentence[: REASON_MAX_LENGTH - 1].rstrip(".") + "."


def printable(text: str) -> str:
    """Return text that may contain bytes of a file as one short line."""
    shown = "".join(c if c.isprintable() and c.isascii() else " " for c in text)
    return " ".join(shown.split())[:REASON_MAX_LENGTH]
