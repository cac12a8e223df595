"""The error that ends a command of this folder with a message."""

from __future__ import annotations


class DeployError(Exception):
    """A package cannot be built or deployed; the message tells the operator why."""
