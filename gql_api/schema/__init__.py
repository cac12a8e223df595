"""The GraphQL face: types, queries, one file a mutation, and how errors are told."""
