"""Implementations of the ports in `gql_api.domain`: MongoDB, S3, JWT and password hashing."""
