"""The records in MongoDB."""
