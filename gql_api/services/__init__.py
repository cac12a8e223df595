"""The verbs of the service. Imports the domain only; ports come in through `__init__`."""
