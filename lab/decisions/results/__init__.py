"""What reviewers' scores came to, and what was decided on each proposal."""
