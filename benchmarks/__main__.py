"""`make bench`: run all benchmarks, one after another."""

from __future__ import annotations

from benchmarks.changes import changes
from benchmarks.cold_start import cold_start
from benchmarks.concurrency import concurrency
from benchmarks.integrity import integrity
from benchmarks.list_uploads import list_uploads
from benchmarks.listing import listing
from benchmarks.many_files import many_files
from benchmarks.media.decoding import decoding
from benchmarks.media.whole_way import whole_way
from benchmarks.presigning import presigning
from benchmarks.report import main
from benchmarks.request_upload import request_upload
from benchmarks.sweep import sweep
from benchmarks.traffic import traffic
from benchmarks.warm_request import warm_request

main(
    request_upload,
    list_uploads,
    many_files,
    presigning,
    cold_start,
    warm_request,
    listing,
    concurrency,
    traffic,
    integrity,
    sweep,
    changes,
    decoding,
    whole_way,
)
