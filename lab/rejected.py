"""The exception for a request that a business rule rejects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Rejected(Exception):
    """A business rule rejects the request; `message` is shown to the user, `field` is its field.

    `others` are rejections of the same request that are shown with it.
    """

    def __init__(
        self, message: str, field: str | None = None, others: Sequence[Rejected] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.others = tuple(others)


def reject_for_all(rejections: Iterable[Rejected]) -> None:
    """Raise the first rejection with the others in it; do nothing where there is none."""
    every = list(rejections)
    if every:
        raise Rejected(every[0].message, every[0].field, every[1:])
