"""What a document may cost, measured before it is validated."""
