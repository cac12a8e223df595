"""The S3 bucket: calls to it, and pre-signed requests."""
