"""From frozen data to pages, in a process without web or database."""
