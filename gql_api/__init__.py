"""A media upload service: a GraphQL API, and files that clients send straight to S3."""
