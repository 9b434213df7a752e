"""Acts on accounts that one administrator does not do alone."""
