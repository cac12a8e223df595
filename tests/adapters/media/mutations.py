"""Decodes damaged files, and prints the outcomes as JSON.

`python -m tests.adapters.media.mutations SEED COUNT`.

The decoders are loaded once. A forked, confined process then takes a batch of files; if one of them
ends it, the next process continues after that file.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable

from gql_api.adapters.media import decoders, messages, webp
from gql_api.adapters.media.confinement import LIMITS, confine
from gql_api.adapters.media.errors import Undecodable
from gql_api.adapters.media.formats import Format, sniff
from gql_api.adapters.media.ranges import in_memory
from gql_api.domain import media
from tests.adapters.media import samples

_BATCH = 50
# A batch takes a few seconds of CPU time, which is limited. The alarm ends one that only waits.
_HANGING_SECONDS = 600
_NUMBERS = (b"\x00" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x00\x00\x00\x01", b"\x80\x00\x00\x00")


def originals() -> list[bytes]:
    """Return a file of each format."""
    exif = samples.exif(6, location=True)
    options = {"exif": exif, "icc_profile": samples.srgb()}
    formats = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF")
    files = [samples.encoded(samples.picture(), format, **options) for format in formats]
    files += [samples.encoded(samples.picture(), format) for format in ("GIF", "BMP")]
    files += [
        samples.encoded(samples.picture().convert("P"), "PNG", transparency=0),
        samples.encoded(samples.picture().convert("CMYK"), "JPEG", icc_profile=samples.srgb()),
        samples.encoded(samples.picture().convert("F"), "TIFF"),
        samples.encoded(samples.picture(), "MPO", save_all=True, append_images=[samples.picture()]),
    ]
    files += [samples.heic(samples.picture(), exif=exif), samples.pdf()]
    files += [
        samples.video("mp4", frames=3, rotation=90),
        samples.video("webm", "libvpx-vp9", "libopus", frames=3),
        samples.video("matroska", "libx265", "flac", frames=3),
        samples.video("avi", "mpeg4", "libmp3lame", frames=3),
        samples.video("mpegts", frames=3),
    ]
    cover = samples.encoded(samples.picture(), "PNG")
    files.append(samples.id3_with_cover(samples.audio("mp3", "libmp3lame"), cover))
    sounds = (("flac", "flac"), ("ogg", "libopus"), ("wav", "pcm_s16le"), ("ipod", "aac"))
    return files + [samples.audio(format, codec) for format, codec in sounds]


def mutated(original: bytes, chance: random.Random) -> bytes:
    """Return the file with one to eight changes, most of them in its first part."""
    data = bytearray(original)
    for _ in range(chance.randint(1, 8)):
        if len(data) < 8:
            break
        at = chance.randrange(4, min(len(data), chance.choice((64, 512, 10**9))) + 1)
        change = chance.randrange(6)
        if change == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif change == 1:
            data[at : at + 4] = chance.choice(_NUMBERS)
        elif change == 2:
            del data[at : at + chance.randrange(1, 64)]
        elif change == 3:
            data[at:at] = data[at : at + chance.randrange(1, 256)]
        elif change == 4:
            del data[chance.randrange(len(data) // 2, len(data)) :]
        else:
            data[at : at + 16] = chance.randbytes(16)
    return bytes(data)


def outcome(data: bytes, load: Callable[[Format], decoders.Decoder]) -> str:
    """Return what becomes of a file. Anything but an answer or a refusal is an error here."""
    format = sniff(data)
    if format is None:
        return "unknown"
    try:
        derived = decoders.derive(load(format), in_memory(data), format)
    except Undecodable as error:
        reason = str(error)
        return "refused" if 0 < len(reason) <= media.REASON_MAX_LENGTH else reason
    facts = media.to_json(derived.media)
    assert media.to_json(media.from_json(json.loads(json.dumps(facts)))) == facts
    assert len(json.dumps(facts)) < messages.MAX_BYTES[messages.ANSWER]
    for rendition in derived.renditions:
        assert webp.dimensions(rendition.data) == (rendition.width, rendition.height)
        assert max(rendition.width, rendition.height) <= rendition.name.max_side
        assert len(rendition.data) <= rendition.name.max_bytes
    return "derived"


def run(seed: int, count: int) -> Counter[str]:
    """Return how often each outcome came; a signal that ended a process is one, too."""
    files = originals()
    loaded = {format: decoders.load(format) for file in files if (format := sniff(file))}
    outcomes: Counter[str] = Counter()
    first = 0
    while first < count:
        numbers = range(first, min(first + _BATCH, count))
        done, status = _batch([(files[n % len(files)], seed + n) for n in numbers], loaded)
        outcomes.update(done)
        first += len(done)
        if status:
            outcomes[f"{signal.Signals(status).name} {sniff(files[first % len(files)])}"] += 1
            first += 1
    return outcomes


def _batch(
    batch: list[tuple[bytes, int]], loaded: dict[Format, decoders.Decoder]
) -> tuple[list[str], int]:
    """Return the outcomes of the files before one ended the process, and the signal; 0 if none."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(_HANGING_SECONDS)
        confine(LIMITS)
        for original, seed in batch:
            try:
                line = outcome(mutated(original, random.Random(seed)), loaded.__getitem__)
            except BaseException as error:
                line = f"error in {seed}: {error!r}".replace("\n", " ")
            os.write(writer, f"{line}\n".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as lines:
        done = lines.read().splitlines()
    _, status = os.waitpid(child, 0)
    return done, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
