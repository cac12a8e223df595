"""Executes GraphQL documents fast; see DIFFERENCES.md."""
