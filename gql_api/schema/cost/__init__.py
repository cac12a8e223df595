"""The cost of documents, measured and limited before validation."""
