"""The GraphQL types, built from the domain's objects."""
