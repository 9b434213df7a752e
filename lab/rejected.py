"""The exception of a business rule that says no."""

from __future__ import annotations


class Rejected(Exception):
    """A business rule says no. `sentence` is Chinese; `field` names the form field, if one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
