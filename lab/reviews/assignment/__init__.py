"""The assignment of reviewers to proposals."""
