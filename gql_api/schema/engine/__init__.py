"""Execute GraphQL documents with graphql-core and Strawberry, several times faster.

`Engine` is the one entry: it compiles the operations of validated documents against a schema, and
the compiled operations execute. DIFFERENCES.md says what it does differently, and why.
"""

from gql_api.schema.engine.compat import IncompatibleLibraryError
from gql_api.schema.engine.operations import Engine, Operation

__all__ = ["Engine", "IncompatibleLibraryError", "Operation"]
