"""The rules of the service and its ports. Imports only the standard library."""
