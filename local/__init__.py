"""The local stack: MongoDB, an S3 gateway and the API, started by one command. Not deployed."""
