"""The GraphQL schema: types, queries, one module per mutation, and error mapping."""
