"""What people do on the pages, step by step."""
