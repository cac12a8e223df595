"""The bucket, and requests to it signed in advance."""
