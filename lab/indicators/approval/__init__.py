"""From handed in to approved, and corrections after that."""
