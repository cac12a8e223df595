"""A media upload service: GraphQL in front, the bytes straight into S3."""
