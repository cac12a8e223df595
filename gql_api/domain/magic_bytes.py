"""The first bytes and the filename extensions of well-known file types.

The patterns are those of WHATWG MIME Sniffing (sections 6 and 7) where it defines them, and those
of each format's own specification otherwise. Types that are not listed here are not checked.
"""

from __future__ import annotations

import re

from gql_api.domain import media_types

# How many bytes `contradiction` needs. A PDF header may be preceded by about as much other data.
READ_BYTES = 1024

_ISO_MEDIA = rb".{4}ftyp"
_MATROSKA = rb"\x1aE\xdf\xa3"
_ZIP = rb"PK(\x03\x04|\x05\x06|\x07\x08)"
_OGG = rb"OggS\x00"
_OLE = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An MPEG audio frame: eleven sync bits, then a valid version and layer.
_MP3 = rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# By media type: its filename extensions, and the pattern of its first bytes.
_TYPES: dict[str, tuple[str, bytes]] = {
    "application/gzip": ("gz tgz", rb"\x1f\x8b\x08"),
    "application/msword": ("doc dot", _OLE),
    "application/ogg": ("ogg ogx", _OGG),
    "application/pdf": ("pdf", rb".{0,1019}%PDF-"),
    "application/vnd.ms-excel": ("xls xlt", _OLE),
    "application/vnd.ms-powerpoint": ("ppt pps pot", _OLE),
    "application/vnd.rar": ("rar", rb"Rar!\x1a\x07"),
    "application/x-7z-compressed": ("7z", rb"7z\xbc\xaf\x27\x1c"),
    "application/zip": ("zip", _ZIP),
    "audio/aac": ("aac", rb"ID3|\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    "audio/flac": ("flac", rb"fLaC|ID3"),
    "audio/midi": ("mid midi", rb"MThd"),
    "audio/mp4": ("m4a m4b mp4", _ISO_MEDIA),
    "audio/mpeg": ("mp3 mpga", _MP3),
    "audio/ogg": ("ogg oga opus spx", _OGG),
    "audio/opus": ("opus ogg", _OGG),
    "audio/wav": ("wav wave", rb"R(IFF|F64).{4}WAVE"),
    "audio/webm": ("webm weba", _MATROSKA),
    "audio/x-m4a": ("m4a", _ISO_MEDIA),
    "audio/x-wav": ("wav wave", rb"R(IFF|F64).{4}WAVE"),
    "font/otf": ("otf", rb"OTTO"),
    "font/ttf": ("ttf", rb"\x00\x01\x00\x00|true"),
    "font/woff": ("woff", rb"wOFF"),
    "font/woff2": ("woff2", rb"wOF2"),
    "image/avif": ("avif avifs", rb".{4}ftypavi[fs]"),
    "image/bmp": ("bmp dib", rb"BM"),
    "image/gif": ("gif", rb"GIF8[79]a"),
    "image/heic": ("heic heif hif", _ISO_MEDIA),
    "image/heif": ("heif heic hif", _ISO_MEDIA),
    "image/jpeg": ("jpg jpeg jpe jfif", rb"\xff\xd8\xff"),
    "image/jxl": ("jxl", rb"\xff\x0a|\x00\x00\x00\x0cJXL \r\n\x87\n"),
    "image/png": ("png apng", rb"\x89PNG\r\n\x1a\n"),
    "image/tiff": ("tif tiff", rb"II[*+]\x00|MM\x00[*+]"),
    "image/vnd.adobe.photoshop": ("psd", rb"8BPS"),
    "image/webp": ("webp", rb"RIFF.{4}WEBP"),
    "image/x-icon": ("ico", rb"\x00\x00\x01\x00"),
    "video/mp4": ("mp4 m4v mpg4", _ISO_MEDIA),
    "video/mpeg": ("mpeg mpg mpe ts m2ts", rb"\x00\x00\x01[\xb3\xba]|G.{187}G"),
    "video/ogg": ("ogv ogg", _OGG),
    # A QuickTime file may start with any of these atoms.
    "video/quicktime": ("mov qt", rb".{4}(ftyp|moov|mdat|free|skip|wide|pnot)"),
    "video/webm": ("webm", _MATROSKA),
    "video/x-matroska": ("mkv mk3d", _MATROSKA),
    "video/x-msvideo": ("avi", rb"RIFF.{4}AVI "),
    _OPEN_DOCUMENT + "presentation": ("odp", _ZIP),
    _OPEN_DOCUMENT + "spreadsheet": ("ods", _ZIP),
    _OPEN_DOCUMENT + "text": ("odt", _ZIP),
    _OPEN_XML + "presentationml.presentation": ("pptx", _ZIP),
    _OPEN_XML + "spreadsheetml.sheet": ("xlsx", _ZIP),
    _OPEN_XML + "wordprocessingml.document": ("docx", _ZIP),
}
_EXTENSIONS = {kind: frozenset(extensions.split()) for kind, (extensions, _) in _TYPES.items()}
# Extensions of files that some system executes, or renders as a page, when they are opened.
_EXECUTABLE = "apk app bat cmd com dmg exe hta htm html jar js lnk msi ps1 scr sh svg vbs xhtml"
_KNOWN = frozenset(_EXECUTABLE.split()).union(*_EXTENSIONS.values())

# Bytes that do not occur in text (WHATWG MIME Sniffing, section 3) except UTF-16 and UTF-32.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_WIDE = (b"\xfe\xff", b"\xff\xfe", b"\x00\x00\xfe\xff")


def has_pattern(content_type: str) -> bool:
    """Return whether files of this canonical media type can be checked."""
    kind = media_types.essence(content_type)
    return kind in _TYPES or _is_text(kind)


def contradiction(content_type: str, start: bytes) -> str | None:
    """Return a sentence that says how a file contradicts its type; None if it does not.

    `start` is the first `READ_BYTES` of the file, or all of a shorter file. An empty file is valid
    text but not a valid image.
    """
    kind = media_types.essence(content_type)
    if kind in _TYPES:
        _, pattern = _TYPES[kind]
        fits = re.match(pattern, start, re.DOTALL) is not None
    elif _is_text(kind):
        fits = start.startswith(_WIDE) or _BINARY.search(start) is None
    else:
        fits = True
    return None if fits else f"The bytes are not those of the declared type, {kind}."


def name_contradiction(content_type: str, filename: str) -> str | None:
    """Return how a filename contradicts its type, for an InvalidInput; None if it does not.

    Only a known extension of another type counts: `report.2024` may be anything.
    """
    kind = media_types.essence(content_type)
    own = _EXTENSIONS.get(kind, frozenset())
    _, dot, extension = filename.rpartition(".")
    extension = extension.strip().lower()
    if not (own and dot) or extension in own or extension not in _KNOWN:
        return None
    expected = " or ".join(f".{extension}" for extension in sorted(own))
    return f"ends with .{extension}, but {kind} has {expected}; declare the actual type"


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
