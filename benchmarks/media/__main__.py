"""Facts and pictures of media: what they cost, how soon they are there, and what they save.

python -m benchmarks.media [--json] [--small]
"""

from __future__ import annotations

from benchmarks.media.decoding import decoding
from benchmarks.media.whole_way import whole_way
from benchmarks.report import main

main(decoding, whole_way)
