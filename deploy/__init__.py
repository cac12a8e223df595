"""Builds the package of the Lambda functions and deploys the service to AWS. Not deployed."""
