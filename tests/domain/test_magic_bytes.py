"""The first bytes of files, tested with files that other programs wrote."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import wave
import zipfile
import zlib

import pytest

from gql_api.domain.magic_bytes import (
    READ_BYTES,
    contradiction,
    has_pattern,
    name_contradiction,
)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(bytes(16))
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return file.getvalue()


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return file.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = {
    "image/png": png(),
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "image/gif": b"GIF89a\x01\x00\x01\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00",
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "audio/x-wav": wav(),
    "video/mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "video/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01",
    "video/quicktime": b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat",
    "video/x-msvideo": b"RIFF\x24\x00\x00\x00AVI LIST",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "application/zip": zipped(),
    "application/gzip": gzip.compress(b"text"),
    "text/plain": "Grüße,\ttext\r\n".encode(),
}
# Pairs of types that share a container format, so files of one are accepted as the other.
SAME = {
    frozenset({"video/mp4", "video/quicktime"}),
    frozenset({"video/mp4", "image/avif"}),
    frozenset({"video/quicktime", "image/avif"}),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_fits_its_own_type_and_no_other(kind: str) -> None:
    start = FILES[kind][:READ_BYTES]
    fits = {other for other in FILES if contradiction(other, start) is None}
    assert kind in fits
    assert all(frozenset({kind, other}) in SAME for other in fits - {kind} if other != "text/plain")


def test_a_text_is_what_has_no_binary_bytes() -> None:
    assert contradiction("text/csv; charset=utf-16", "a;b".encode("utf-16")) is None
    assert contradiction("application/json", b'{"a": 1}') is None
    assert contradiction("text/html", FILES["image/png"]) is not None
    assert contradiction("text/plain", tar()) is not None


def test_parameters_do_not_matter() -> None:
    assert contradiction("video/mp4; codecs=avc1", FILES["video/mp4"]) is None
    assert contradiction("image/png; a=b", FILES["image/jpeg"]) is not None


def test_office_documents_are_archives() -> None:
    assert contradiction(DOCX, FILES["application/zip"]) is None
    assert contradiction(DOCX, FILES["application/pdf"]) is not None


def test_a_pdf_may_begin_a_little_later() -> None:
    assert contradiction("application/pdf", b"\n" * 1000 + b"%PDF-1.4") is None
    assert contradiction("application/pdf", b"\n" * 1020 + b"%PDF-1.4") is not None


def test_an_empty_file_is_a_text_and_no_image() -> None:
    assert contradiction("text/plain", b"") is None
    assert contradiction("image/png", b"") is not None


def test_of_other_types_nothing_is_said() -> None:
    assert not has_pattern("application/octet-stream")
    assert contradiction("application/octet-stream", FILES["image/png"]) is None
    assert contradiction("model/stl", b"\x00") is None
    assert has_pattern("image/png; a=b")
    assert has_pattern("text/x-anything")


def test_the_sentence_names_the_type() -> None:
    assert contradiction("image/png", b"MZ") == (
        "The bytes are not those of the declared type, image/png."
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("image/png", "a.png"),
        ("image/png", "A.PNG"),
        ("image/jpeg", "a.b.jpeg"),
        ("image/png", "no ending"),
        ("image/png", "scan.2024"),
        ("video/mp4; codecs=x", "a.m4v"),
        ("application/octet-stream", "a.exe"),
        ("text/plain", "a.html"),
    ],
)
def test_names_that_fit(kind: str, name: str) -> None:
    assert name_contradiction(kind, name) is None


@pytest.mark.parametrize("name", ["a.exe", "a.png.exe", "a.Html", "a.jpg", "a.exe ", ".svg"])
def test_names_that_are_of_something_else(name: str) -> None:
    assert name_contradiction("image/png", name) is not None


def test_the_flaw_says_what_would_be_right() -> None:
    assert name_contradiction("image/tiff", "a.exe") == (
        "ends with .exe, but image/tiff has .tif or .tiff; declare the actual type"
    )
