"""Account actions that one administrator must not do alone."""
