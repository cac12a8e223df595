"""What files are, by their first bytes, and how much of each kind a decoder may read.

The declared media type plays no part: it is the user's claim. The signatures are those of WHATWG
MIME Sniffing (section 6) and of each format's own specification.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from gql_api.adapters.media.ranges import BLOCK_BYTES, Budget

_MIB = 1024**2
# A PDF header may be preceded by about as much other data.
_PDF_HEADER_WITHIN = 1024


class Kind(Enum):
    """Which decoder takes a file, and what it may read.

    Pictures are read whole, so a few large reads cost least; the rest is read in single blocks.
    """

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"

    @property
    def budget(self) -> Budget:
        """How much may be read in all, the first block included."""
        return _BUDGETS[self]

    @property
    def ahead(self) -> int:
        """How many blocks a read fetches at once."""
        return 16 if self is Kind.IMAGE else 1


# A video's index and its first picture, and each further picture that is looked at. The index of a
# film of two hours has about 6 MiB; that of a phone's video, less than one.
VIDEO_START = Budget(16 * _MIB, 64)
VIDEO_FURTHER = Budget(1 * _MIB, 4)
FURTHER_PICTURES = 4

_BUDGETS = {
    Kind.IMAGE: Budget(256 * _MIB, 80),
    Kind.VIDEO: Budget(
        VIDEO_START.size_bytes + FURTHER_PICTURES * VIDEO_FURTHER.size_bytes,
        VIDEO_START.reads + FURTHER_PICTURES * VIDEO_FURTHER.reads,
    ),
    # The cover may be large.
    Kind.AUDIO: Budget(16 * _MIB, 64),
    Kind.DOCUMENT: Budget(64 * _MIB, 256),
}
KEPT_BLOCKS = 64 * _MIB // BLOCK_BYTES


class Format(NamedTuple):
    """A format of files. `reader` is the decoder's own name for it."""

    name: str
    kind: Kind
    reader: str


_FORMATS = (
    Format("jpeg", Kind.IMAGE, "JPEG"),
    Format("png", Kind.IMAGE, "PNG"),
    Format("gif", Kind.IMAGE, "GIF"),
    Format("webp", Kind.IMAGE, "WEBP"),
    Format("avif", Kind.IMAGE, "AVIF"),
    Format("heif", Kind.IMAGE, "HEIF"),
    Format("tiff", Kind.IMAGE, "TIFF"),
    Format("bmp", Kind.IMAGE, "BMP"),
    Format("mp4", Kind.VIDEO, "mov"),
    Format("matroska", Kind.VIDEO, "matroska"),
    Format("avi", Kind.VIDEO, "avi"),
    Format("mpegts", Kind.VIDEO, "mpegts"),
    Format("m4a", Kind.AUDIO, "mov"),
    Format("mp3", Kind.AUDIO, "mp3"),
    Format("flac", Kind.AUDIO, "flac"),
    Format("ogg", Kind.AUDIO, "ogg"),
    Format("wav", Kind.AUDIO, "wav"),
    Format("pdf", Kind.DOCUMENT, "pdf"),
)
FORMATS = {format.name: format for format in _FORMATS}

# An MPEG audio frame of layer III: the sync bits, then no reserved version, bit rate or frequency.
_RATES = re.escape(bytes(rates for rates in range(0xF0) if rates & 0x0C < 0x0C))
_MP3_FRAME = rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][" + _RATES + rb"]"
_SIGNATURES = [
    (re.compile(pattern, re.DOTALL), FORMATS[name])
    for name, pattern in {
        "jpeg": rb"\xff\xd8\xff",
        "png": rb"\x89PNG\r\n\x1a\n",
        "gif": rb"GIF8[79]a",
        "webp": rb"RIFF.{4}WEBP",
        "tiff": rb"II[*+]\x00|MM\x00[*+]",
        # The size of the header that follows, which is 12 to 124 bytes in all versions.
        "bmp": rb"BM.{12}[\x0c-\x7c]\x00\x00\x00",
        "matroska": rb"\x1aE\xdf\xa3",
        "avi": rb"RIFF.{4}AVI ",
        "mpegts": rb"G.{187}G.{187}G|.{4}G.{191}G.{191}G",
        "flac": rb"fLaC",
        "ogg": rb"OggS\x00",
        "wav": rb"R(IFF|F64).{4}WAVE",
        "mp3": rb"ID3[\x02-\x04]|" + _MP3_FRAME,
        # A QuickTime file without `ftyp` starts with one of these.
        "mp4": rb".{4}(moov|mdat|free|skip|wide|pnot)",
        "pdf": rb".{0,%d}%%PDF-" % (_PDF_HEADER_WITHIN - len(b"%PDF-")),
    }.items()
]
_BRANDS = {
    "avif": frozenset({b"avif", b"avis"}),
    "heif": frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}),
    "m4a": frozenset({b"M4A ", b"M4B "}),
}


def sniff(start: bytes) -> Format | None:
    """Return the format of a file that begins with `start`; None if nothing can be derived.

    That includes SVG: it is a program for a renderer, and no renderer is trusted with it. Needs
    the first 1024 bytes, or all of a shorter file.
    """
    if start[4:8] == b"ftyp":
        return _iso_format(start)
    return next((format for pattern, format in _SIGNATURES if pattern.match(start)), None)


def _iso_format(start: bytes) -> Format:
    """Return the format by the brands in `ftyp`: the major one decides, then the others."""
    length = int.from_bytes(start[:4], "big")
    brands = start[8:12], *(start[at : at + 4] for at in range(16, min(length, 256), 4))
    for name in ("avif", "heif", "m4a"):
        if brands[0] in _BRANDS[name] and brands[0] not in (b"mif1", b"msf1"):
            return FORMATS[name]
    for name in ("avif", "heif"):
        if brands[0] in (b"mif1", b"msf1") and _BRANDS[name].intersection(brands):
            return FORMATS[name]
    return FORMATS["mp4"]
