"""Units, people, roles, sign-in and sessions."""
