"""Requests to the service and the bucket, over connections that urllib3 keeps."""
