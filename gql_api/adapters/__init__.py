"""MongoDB, S3, JWT and password hashing: implementations of the ports in `gql_api.domain`."""
