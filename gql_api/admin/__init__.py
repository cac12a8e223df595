"""Commands for operators: `python -m gql_api.admin`."""
