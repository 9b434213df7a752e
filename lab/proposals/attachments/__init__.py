"""Files that hang on a proposal."""
