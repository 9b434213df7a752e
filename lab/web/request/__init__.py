"""The stages of a request: host, checks, guard, headers, log."""
