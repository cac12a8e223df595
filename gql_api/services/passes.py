"""Passes: steps of the sweep that go through everything, and begin anew after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from gql_api.domain.upload_store import Checkpoints


async def begins_pass(checkpoints: Checkpoints, job: str, every: timedelta, now: datetime) -> bool:
    """Return whether a new pass of the job is due, and record that it begins now.

    If several processes ask at once, one of them begins the pass.
    """
    name = f"{job} pass began"
    began = await checkpoints.get(name)
    if began and now < datetime.fromisoformat(began) + every:
        return False
    return await checkpoints.move(name, began, now.isoformat())
