"""What is true, whatever stores it or serves it. Imports the standard library only."""
