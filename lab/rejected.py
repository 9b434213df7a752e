"""The exception for a request that a business rule rejects."""

from __future__ import annotations


class Rejected(Exception):
    """A business rule rejects the request; `message` is shown to the user, `field` is its field."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
