"""Finish an upload that another process began, given its id. Needs only the standard library.

    MEDIA_TOKEN=… python resume.py http://127.0.0.1:8000/graphql UPLOAD_ID FILE

Prints a JSON object: the numbers of the sent parts, and the status of the upload.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

TRANSFER = """
query ($id: ID!) { upload(id: $id) { transfer { partCount received { number } } } }
"""
PARTS = """
query ($id: ID!, $select: [PartInput!]) { upload(id: $id) { transfer {
  parts(select: $select) { number offset size method url headers { name value } }
} } }
"""
COMPLETE = """
mutation ($id: ID!) { completeUpload(id: $id) { ... on Upload { status } } }
"""

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(endpoint: str, query: str, **variables: Any) -> Any:
    """Send a GraphQL request and return `data` from the response."""
    request = urllib.request.Request(
        endpoint,
        json.dumps({"query": query, "variables": variables}).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {os.environ['MEDIA_TOKEN']}",
        },
    )
    with opener.open(request) as response:
        return json.load(response)["data"]


def resume(endpoint: str, id: str, file: Path) -> dict[str, Any]:
    """Send the missing parts and complete the upload."""
    transfer = ask(endpoint, TRANSFER, id=id)["upload"]["transfer"]
    received = {part["number"] for part in transfer["received"]}
    missing = [n for n in range(1, transfer["partCount"] + 1) if n not in received]
    select = [{"number": number} for number in missing]
    parts = ask(endpoint, PARTS, id=id, select=select)["upload"]["transfer"]["parts"]
    with file.open("rb") as source:
        for part in parts:
            source.seek(part["offset"])
            request = urllib.request.Request(
                part["url"],
                source.read(part["size"]),
                {header["name"]: header["value"] for header in part["headers"]},
                method=part["method"],
            )
            opener.open(request).close()
    completed = ask(endpoint, COMPLETE, id=id)["completeUpload"]
    return {"sent": [part["number"] for part in parts], **completed}


if __name__ == "__main__":
    print(json.dumps(resume(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
