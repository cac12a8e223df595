"""The `media` command."""
