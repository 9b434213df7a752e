"""What a request passes: host, entrance, guard, headers, log."""
