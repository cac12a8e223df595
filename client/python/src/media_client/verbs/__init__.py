"""The methods of MediaClient, by subject."""
