"""The REST peer on Lambda: FastAPI under Mangum, boto3, PyJWT and Motor."""

from __future__ import annotations

import os

from mangum import Mangum

os.environ.setdefault("PEER_DATABASE", "motor")

from benchmarks.peers.rest import app

handler = Mangum(app, lifespan="off")
