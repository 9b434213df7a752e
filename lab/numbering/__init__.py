"""The format of numbers, and the counters that assign them."""
