"""Signals that stop a transfer."""

from media_client.cli.upload import _stopped_by_signals as stopped_by_signals

__all__ = ["stopped_by_signals"]
