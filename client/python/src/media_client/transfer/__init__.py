"""Sending files to the bucket and fetching them: what makes it fast, and what makes it safe."""
