"""Execute GraphQL documents with graphql-core and Strawberry, several times faster.

`Engine` compiles the operations of validated documents against a schema, and the compiled
operations execute. DIFFERENCES.md says what it does differently, and why. `selects` tells a
resolver what is selected of its value.
"""

from gql_api.schema.engine.compat import IncompatibleLibraryError
from gql_api.schema.engine.operations import Engine, Operation
from gql_api.schema.engine.selection import field_names, selects

__all__ = ["Engine", "IncompatibleLibraryError", "Operation", "field_names", "selects"]
