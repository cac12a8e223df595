"""Sends webhooks: the only importer of standardwebhooks and, for the deployed service, of h11."""
