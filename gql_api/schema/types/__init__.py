"""The types of the schema, each made from what the domain has."""
