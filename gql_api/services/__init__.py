"""The operations of the service. Imports only the domain; ports are injected by `__init__`."""
