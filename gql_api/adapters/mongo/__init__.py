"""The service's records, stored in MongoDB."""
