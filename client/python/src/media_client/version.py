"""The version of this package."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("media-client")
except PackageNotFoundError:  # Run from a source tree that is not installed.
    VERSION = "0"

USER_AGENT = f"media-client/{VERSION}"
