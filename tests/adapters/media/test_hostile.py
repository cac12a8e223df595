"""Files made to exhaust or to take over what decodes them, each against the process itself."""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from gql_api.adapters.media import decoders
from gql_api.adapters.media.confinement import LIMITS
from gql_api.adapters.media.decoding import decode
from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import FORMATS, FURTHER_PICTURES, Format, sniff
from gql_api.adapters.media.ranges import BLOCK_BYTES, Budget, RangeFile, in_memory
from gql_api.domain.media import Derived, Refusal
from tests.adapters.media import samples
from tests.adapters.media.large_video import spread

MIB = 1024**2


class Counted:
    """A file, or one with a hole at its end, and what is read of it."""

    def __init__(self, content: bytes | Path, size_bytes: int | None = None) -> None:
        self.content = content
        self.size_bytes = size_bytes or (
            len(content) if isinstance(content, bytes) else content.stat().st_size
        )
        self.read = Budget(0, 0)

    def fetch(self, offset: int, length: int) -> bytes:
        self.read = self.read.plus(Budget(length, 1))
        if isinstance(self.content, bytes):
            return self.content[offset : offset + length].ljust(length, b"\x00")
        with self.content.open("rb") as file:
            return os.pread(file.fileno(), length, offset)

    def decode(self, **limits: int) -> Derived | Refusal | None:
        return decode(self.fetch, self.size_bytes, LIMITS._replace(**limits))


def reason(content: bytes, **limits: int) -> str:
    """Return why a file is refused."""
    refusal = Counted(content).decode(**limits)
    assert isinstance(refusal, Refusal), refusal
    return refusal.reason


def png(width: int, height: int, *chunks: bytes, depth: int = 1, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + samples.png_chunk(b"IHDR", header) + b"".join(chunks)


def pixels(size_bytes: int) -> bytes:
    return samples.png_chunk(b"IDAT", zlib.compress(bytes(size_bytes), 9))


END = samples.png_chunk(b"IEND", b"")


# ---------------------------------------------------------------- too many pixels


def gif_of(width: int, height: int) -> bytes:
    gif = bytearray(samples.encoded(Image.new("L", (4, 4)), "GIF"))
    struct.pack_into("<HH", gif, 6, width, height)
    return bytes(gif)


def webp_of(width: int, height: int) -> bytes:
    webp = bytearray(samples.encoded(samples.picture().convert("RGBA"), "WEBP", exif=b"Exif\0\0MM"))
    assert webp[12:16] == b"VP8X"
    webp[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(webp)


def ispe_of(image: bytes, width: int, height: int) -> bytes:
    """Return a HEIC or AVIF file whose property of the image's size claims this."""
    start, *properties = image.split(b"ispe")
    size = bytes(4) + struct.pack(">II", width, height)
    return start + b"".join(b"ispe" + size + each[12:] for each in properties)


def bmp_of(width: int, height: int) -> bytes:
    bmp = bytearray(samples.encoded(samples.picture(), "BMP"))
    struct.pack_into("<ii", bmp, 18, width, height)
    return bytes(bmp)


def tiff_of(width: int, height: int) -> bytes:
    """Return a TIFF whose strips are all the same few bytes."""
    entries = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1)]
    entries += [(278, height), (279, 100)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + body + bytes(200)


@pytest.mark.parametrize(
    ("make", "megapixels"),
    [
        (lambda: png(50_000, 50_000, pixels(5_000_000), END), 2500),
        (lambda: png(2**31 - 1, 2**31 - 1, pixels(100), END), None),
        (lambda: gif_of(65_535, 65_535), 4295),
        (lambda: bmp_of(100_000, 100_000), 10000),
        (lambda: tiff_of(200_000, 200_000), 40000),
        (lambda: webp_of(16_383, 16_383), None),
        (lambda: ispe_of(samples.encoded(samples.picture(), "AVIF"), 60_000, 60_000), None),
        (lambda: ispe_of(samples.heic(samples.picture()), 60_000, 60_000), None),
        (lambda: ispe_of(samples.heic(samples.picture(), tile_size=32), 60_000, 60_000), None),
    ],
    ids=["PNG", "largest PNG", "GIF", "BMP", "TIFF", "WebP", "AVIF", "HEIC", "tiles"],
)
def test_too_many_pixels(make: Callable[[], bytes], megapixels: int | None) -> None:
    content = make()
    assert len(content) < 25_000
    found = reason(content)
    if megapixels:
        assert found == f"The image has {megapixels} megapixels; at most 100 can be processed."
    assert "object at" not in found


def test_a_jpeg_that_claims_more_is_decoded_at_an_eighth() -> None:
    """Pillow fills what is missing with grey, as browsers do."""
    jpeg = bytearray(samples.encoded(samples.picture(), "JPEG"))
    start = jpeg.index(b"\xff\xc0")
    struct.pack_into(">HH", jpeg, start + 5, 20_000, 20_000)
    derived = Counted(bytes(jpeg)).decode(memory_bytes=512 * MIB)
    assert isinstance(derived, Derived)
    assert (derived.media.width, derived.media.height) == (20_000, 20_000)


# ---------------------------------------------------------------- more than memory or time


def test_memory_is_limited() -> None:
    content = png(9_900, 9_900, pixels(1_000), END, depth=8, colour=6)
    assert reason(content, memory_bytes=256 * MIB) == decoders.TOO_MUCH_MEMORY


def test_memory_that_libheif_does_not_get() -> None:
    """It may get some of it, or none: that depends on the machine, so its message stands in."""

    def decoder(_file: RangeFile, _format: Format) -> Derived:
        raise ValueError("Memory allocation error: Unspecified: Allocating 12192783 bytes failed")

    with pytest.raises(Undecodable, match=f"^{re.escape(decoders.TOO_MUCH_MEMORY)}$"):
        decoders.derive(decoder, in_memory(b"any"), FORMATS["heif"])


def laughs() -> bytes:
    """Return a PDF whose page draws ten forms, each of which draws ten, in ten levels."""
    forms = "".join(
        f"{10 + n} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 60"
        f"/Resources<</XObject<</X {11 + n} 0 R>>>>>>stream\n{'/X Do ' * 10}\nendstream endobj\n"
        for n in range(10)
    )
    last = "20 0 obj<</Type/XObject/Subtype/Form/Length 9>>stream\n0 0 9 9 f\nendstream endobj"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        "/Resources<</XObject<</X 10 0 R>>>>>>endobj\n"
        "4 0 obj<</Length 60>>stream\n" + "/X Do " * 10 + "\nendstream endobj\n"
        f"{forms}{last}\ntrailer<</Root 1 0 R>>"
    ).encode()


def test_time_is_limited() -> None:
    expected = "Decoding the file took more than 1 seconds of CPU time."
    assert reason(laughs(), cpu_seconds=1) == expected


def many_scans() -> bytes:
    """Return a progressive JPEG whose last scan, of all pixels, comes 5,000 times."""
    image = Image.new("L", (3_000, 3_000), 128)
    jpeg = samples.encoded(image, "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * 5_000 + jpeg[-2:]


def test_time_is_limited_within_one_image() -> None:
    content = many_scans()
    assert len(content) < 10 * MIB
    expected = "Decoding the file took more than 1 seconds of CPU time."
    assert reason(content, cpu_seconds=1) == expected


def pdf_bomb() -> bytes:
    """Return a PDF whose content is 50 MB of blanks, compressed twice."""
    inner = zlib.compressobj(9)
    blanks = b"".join(inner.compress(b" " * MIB) for _ in range(50)) + inner.flush()
    content = zlib.compress(blanks, 9)
    stream = f"4 0 obj<</Length {len(content)}/Filter[/FlateDecode/FlateDecode]>>stream\n".encode()
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        + stream
        + content
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )


def test_a_pdf_that_expands() -> None:
    """50 MB fit. What matters is that the process has an end, and the parent an answer."""
    content = pdf_bomb()
    assert len(content) < 5_000
    assert isinstance(Counted(content).decode(cpu_seconds=5), Derived | Refusal)


@pytest.mark.parametrize(
    "make",
    [
        lambda: samples.pdf(more="/Prev " + "[" * 200_000),
        lambda: samples.pdf(more="/Prev " + "<<" * 100_000),
        lambda: samples.pdf(content=b"q " * 200_000),
        lambda: samples.pdf().replace(b"/Kids[4 0 R", b"/Kids[2 0 R"),
        lambda: samples.pdf().replace(b"/Count 2", b"/Count 2147483647"),
    ],
    ids=["arrays", "dictionaries", "graphics states", "a cycle of pages", "many pages"],
)
def test_pdfs_that_nest(make: Callable[[], bytes]) -> None:
    assert isinstance(Counted(make()).decode(cpu_seconds=5), Derived | Refusal)


def tiles_of_tiles() -> bytes:
    """Return a HEIC file whose tiles are the picture that consists of them."""
    heic = bytearray(samples.heic(samples.picture(), tile_size=32))
    at = heic.index(b"dimg") + 4
    whole = heic[at : at + 2]
    [count] = struct.unpack_from(">H", heic, at + 2)
    assert count == 4
    heic[at + 4 : at + 4 + 2 * count] = whole * count
    return bytes(heic)


def test_a_picture_that_consists_of_itself() -> None:
    assert reason(tiles_of_tiles(), cpu_seconds=5).startswith("The file is not a valid HEIF file: ")


# ---------------------------------------------------------------- bombs beside the pixels


@pytest.mark.parametrize(
    ("name", "start", "content", "count"),
    [
        (b"iCCP", b"p\x00\x00", bytes(20 * MIB), 1),
        (b"zTXt", b"Comment\x00\x00", bytes(20 * MIB), 1),
        (b"zTXt", b"Raw profile type exif\x00\x00", b"0" * 20 * MIB, 1),
        (b"zTXt", b"Comment\x00\x00", bytes(MIB - 1), 70),
    ],
    ids=["ICC", "text", "EXIF as text", "much text"],
)
def test_compressed_metadata_is_limited(
    name: bytes, start: bytes, content: bytes, count: int
) -> None:
    chunk = samples.png_chunk(name, start + zlib.compress(content))
    image = png(8, 8, chunk * count, pixels(16), END)
    assert len(image) < 150_000
    assert "Decompressed data too large" in reason(image) or "memory" in reason(image)


def exif_of(*entries: tuple[int, int, int, int]) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + body + bytes(4)
    )


@pytest.mark.parametrize(
    "exif",
    [
        exif_of((0x8769, 4, 1, 8)),
        exif_of((0x8825, 4, 1, 8), (0x8769, 4, 1, 8)),
        exif_of((0x10F, 2, 2**32 - 1, 20)),
        exif_of((0x112, 12, 2**29, 0)),
        exif_of(*[(0x8769, 4, 1, 2**31)] * 500),
    ],
    ids=["a cycle", "two cycles", "a long text", "many numbers", "far away"],
)
def test_exif_that_lies_does_no_harm(exif: bytes) -> None:
    derived = samples.derive(samples.encoded(samples.picture(), "JPEG", exif=exif))
    assert (derived.media.width, derived.media.has_location) == (64, False)


# ---------------------------------------------------------------- more than is there to be read


def test_a_million_frames() -> None:
    gif = samples.encoded(samples.picture(), "GIF")
    frame = b"\x21\xf9\x04\x00\x00\x00\x00\x00\x2c" + struct.pack("<HHHH", 0, 0, 1, 1)
    frame += b"\x00\x02\x02\x44\x01\x00"
    file = Counted(gif[:-1] + frame * 1_000_000 + b"\x3b")
    assert isinstance(file.decode(), Derived)
    assert file.read.size_bytes < 5 * MIB < file.size_bytes


@pytest.mark.parametrize("format", ["mp4", "mov"])
@pytest.mark.parametrize("index_first", [True, False])
def test_a_gibibyte_of_video_is_read_in_a_few_places(
    format: str, index_first: bool, tmp_path: Path
) -> None:
    """Its index points everywhere, and its first frames are black."""
    video = samples.video(format, "libx264", "aac", frames=50, black=30)
    path = tmp_path / "large"
    spread(video, path, 2**30 + 50 * MIB, together=1, index_first=index_first)
    file = Counted(path)
    assert file.size_bytes > 2**30
    derived = file.decode()
    assert isinstance(derived, Derived)
    assert (derived.media.width, derived.media.height) == (64, 48)
    assert (derived.media.video_codec, derived.media.audio_codec) == ("h264", "aac")
    assert derived.media.duration_seconds == pytest.approx(2, abs=0.05)
    shown = samples.shown(derived.renditions[1])
    assert samples.red_corner(shown) == samples.UPPER_LEFT
    assert file.read.size_bytes <= 3 * MIB
    assert file.read.reads <= 12


def test_large_frames_fit_as_well(tmp_path: Path) -> None:
    video = samples.noise()
    path = tmp_path / "large"
    spread(video, path, 2**30, together=1, index_first=False)
    file = Counted(path)
    derived = file.decode()
    assert isinstance(derived, Derived)
    assert len(derived.renditions) == 2
    assert file.read.size_bytes <= 3 * MIB
    assert file.read.reads <= 12


@pytest.mark.parametrize(
    ("size", "is_shown"), [((720, 560), True), ((1280, 720), False)], ids=["700 kB", "1.6 MB"]
)
def test_a_further_frame_costs_a_mebibyte_at_most(
    size: tuple[int, int], is_shown: bool, tmp_path: Path
) -> None:
    """The first one is black. A part of a further one is not shown: black is the better poster."""
    path = tmp_path / "large"
    spread(samples.noise(*size, black=1), path, 2**30, together=1, index_first=False)
    file = Counted(path)
    derived = file.decode()
    assert isinstance(derived, Derived)
    shown = samples.shown(derived.renditions[1])
    contrast = ImageStat.Stat(shown.convert("L")).stddev[0]
    assert contrast > 50 if is_shown else contrast < 1
    tried = 1 if is_shown else FURTHER_PICTURES
    assert file.read.size_bytes <= (3 + tried) * MIB
    assert file.read.reads <= 12 + 4 * tried


def index_of(size_bytes: int) -> bytes:
    """Return an MP4 file whose index claims this size."""
    video = samples.video("mp4", frames=2)
    at = video.index(b"moov") - 4
    return video[:at] + struct.pack(">I", size_bytes) + video[at + 4 :]


def nested(name: bytes, depth: int) -> bytes:
    return b"".join(struct.pack(">I4s", 8 * n, name) for n in range(depth, 0, -1))


def tags_in_tags() -> bytes:
    """Return a Matroska file whose tags contain 20,000 levels of tags, all of unknown size."""
    endless = b"\x01" + b"\xff" * 7
    start = samples.video("matroska", "libx264", "flac")
    segment = start.index(b"\x18\x53\x80\x67") + 4
    names = [b"\x12\x54\xc3\x67", b"\x73\x73", *[b"\x67\xc8"] * 20_000]
    return start[:segment] + endless + b"".join(name + endless for name in names)


@pytest.mark.parametrize(
    "make",
    [
        lambda: index_of(2**31),
        lambda: samples.video()[:40] + struct.pack(">I4sQ", 1, b"free", 2**62),
        lambda: samples.video()[:32] + b"\x00\x00\x00\x08free" * 400_000,
        lambda: samples.video()[:32] + nested(b"moov", 20_000),
        lambda: samples.video("matroska", "libx264", "flac")[:200],
        tags_in_tags,
        lambda: (b"G\x1f\xff\x10" + bytes(184)) * 20_000,
        lambda: samples.video("avi", "mpeg4", "libmp3lame")[:3000],
        lambda: b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f",
        lambda: samples.audio("ogg", "libopus")[:4000],
    ],
    ids=[
        "index",
        "box",
        "boxes",
        "nested boxes",
        "Matroska",
        "nested tags",
        "transport stream",
        "AVI",
        "MP3",
        "Ogg",
    ],
)
def test_reads_are_bounded(make: Callable[[], bytes]) -> None:
    """Each claims to go on for a gibibyte."""
    content = make()
    format = sniff(content)
    assert format is not None
    file = Counted(content, 2**30)
    assert isinstance(file.decode(cpu_seconds=5), Derived | Refusal)
    assert file.read.size_bytes <= format.kind.budget.size_bytes
    assert file.read.reads <= format.kind.budget.reads


def test_frames_may_be_larger_than_the_container_says() -> None:
    for side, pictures in ((1_000, 2), (6_400, 0)):
        frame = samples.encoded(Image.new("RGB", (side, side)), "JPEG")
        derived = Counted(samples.motion_jpeg(frame)).decode()
        assert isinstance(derived, Derived)
        assert derived.media.video_codec == "mjpeg"
        assert len(derived.renditions) == pictures


def test_an_image_that_is_too_large_is_not_read() -> None:
    file = Counted(samples.encoded(samples.picture(), "WEBP"), 2**30)
    assert file.decode() == Refusal("The image is larger than 256 MiB.")
    assert file.read == (BLOCK_BYTES, 1)


# ---------------------------------------------------------------- files that are two things


@pytest.mark.parametrize(
    "more", [b"%PDF-1.4", b"PK\x03\x04 a ZIP file", b"<script>alert(1)</script>"]
)
def test_what_follows_an_image_is_not_passed_on(more: bytes) -> None:
    derived = samples.derive(samples.encoded(samples.picture(), "JPEG") + more)
    assert derived.media.pages is None
    for rendition in derived.renditions:
        samples.shown(rendition)
        assert more[:8] not in rendition.data


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://169.254.169.254/"/></svg>',
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
    ids=["XML entity", "SVG reference", "HLS", "concatenation"],
)
def test_files_that_refer_to_others_are_not_decoded(content: bytes) -> None:
    assert Counted(content).decode() is None
