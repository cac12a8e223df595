"""Packages the Lambda functions and deploys the service to AWS. Not part of the package."""
