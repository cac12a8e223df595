"""The embedded stack: MongoDB, an S3 gateway and the API, with one command. It is not deployed."""
