"""Audio files with a cover, each as the tags of its format have it."""

from __future__ import annotations

import base64
import io
import struct
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream

from tests.adapters.media import samples


def in_flac(png: bytes) -> bytes:
    """Return a FLAC file with a PICTURE block (RFC 9639, section 8.8)."""
    file = io.BytesIO()
    with av.open(file, "w", format="flac") as container:
        sound = container.add_stream("flac", rate=48000, layout="stereo")
        cover = container.add_stream("png")
        assert isinstance(sound, AudioStream)
        assert isinstance(cover, VideoStream)
        cover.width, cover.height, cover.pix_fmt = samples.WIDTH, samples.HEIGHT, "rgb24"
        cover.disposition = Disposition.attached_pic
        packet = av.Packet(png)
        packet.stream, packet.time_base, packet.is_keyframe = cover, Fraction(1, 90_000), True
        packet.pts = packet.dts = 0
        container.start_encoding()
        container.mux(packet)
        samples.silence(container, sound, 1)
    return file.getvalue()


def in_ogg(png: bytes) -> bytes:
    """Return an Opus file with the block of FLAC in a comment (RFC 7845, section 5.2)."""
    mime = b"image/png"
    block = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">I", 0)
    block += struct.pack(">IIIII", samples.WIDTH, samples.HEIGHT, 24, 0, len(png)) + png
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        sound = container.add_stream("libopus", rate=48000, layout="stereo")
        assert isinstance(sound, AudioStream)
        sound.metadata["METADATA_BLOCK_PICTURE"] = base64.b64encode(block).decode()
        samples.silence(container, sound, 1)
    return file.getvalue()


def in_m4a(png: bytes) -> bytes:
    """Return an M4A file with a `covr` box. Its index is last, so nothing else moves."""
    file = bytearray(samples.audio("ipod", "aac"))
    data = struct.pack(">I4sII", 16 + len(png), b"data", 14, 0) + png
    box = struct.pack(">I4s", 8 + len(data), b"covr") + data
    end = 0
    for name in (b"moov", b"udta", b"meta", b"ilst"):
        start = file.index(name, end) - 4
        [size] = struct.unpack_from(">I", file, start)
        struct.pack_into(">I", file, start, size + len(box))
        end = start + size if name == b"ilst" else start + 8
    file[end:end] = box
    return bytes(file)


def in_mp3(png: bytes) -> bytes:
    """Return an MP3 file with a frame APIC."""
    return samples.id3_with_cover(samples.audio("mp3", "libmp3lame"), png)
