"""What the inbox needs to know from the features above it."""
