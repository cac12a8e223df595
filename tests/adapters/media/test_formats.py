"""What files are by their first bytes."""

from __future__ import annotations

import pytest

from gql_api.adapters.media.formats import sniff


def ftyp(*brands: bytes) -> bytes:
    major, *others = brands
    body = b"ftyp" + major + b"\x00\x00\x00\x00" + b"".join(others)
    return (4 + len(body)).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF89a", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"II*\x00", "tiff"),
        (b"MM\x00+", "tiff"),
        (b"BM" + bytes(12) + b"\x28\x00\x00\x00", "bmp"),
        (b"BMW, a car, and its manual", None),
        (ftyp(b"avif", b"mif1"), "avif"),
        (ftyp(b"mif1", b"avif"), "avif"),
        (ftyp(b"heic", b"mif1"), "heif"),
        (ftyp(b"mif1", b"heic"), "heif"),
        (ftyp(b"msf1", b"hevc"), "heif"),
        (ftyp(b"M4A ", b"mp42"), "m4a"),
        (ftyp(b"isom", b"avif", b"heic"), "mp4"),
        (ftyp(b"qt  "), "mp4"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "mp4"),
        (b"\x1aE\xdf\xa3", "matroska"),
        ((b"G" + bytes(187)) * 3, "mpegts"),
        ((bytes(4) + b"G" + bytes(187)) * 3, "mpegts"),
        (b"Go on, and on" * 100, None),
        (b"fLaC", "flac"),
        (b"OggS\x00\x02", "ogg"),
        (b"ID3\x04\x00", "mp3"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xfet\x00e\x00x\x00t\x00", None),
        (b"\xff\xfb\xf0\x64", None),
        (b"%PDF-1.7", "pdf"),
        (bytes(1000) + b"%PDF-1.7", "pdf"),
        (bytes(1100) + b"%PDF-1.7", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<?xml version='1.0'?><svg/>", None),
        (b"PK\x03\x04", None),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_formats(start: bytes, name: str | None) -> None:
    format = sniff(start)
    assert (format and format.name) == name
