"""MongoDB, S3, JWT and password hashing, behind the ports of `gql_api.domain.ports`."""
