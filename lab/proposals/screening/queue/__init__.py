"""The queue of checks, and which one comes next."""
