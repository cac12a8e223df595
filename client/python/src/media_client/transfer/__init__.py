"""Concurrent, resumable transfers of files to and from the bucket."""
