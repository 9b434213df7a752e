"""What the inbox asks the features above it."""
