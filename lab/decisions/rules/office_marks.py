"""The office's mark on each proposal of a decision. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Mark(StrEnum):
    """What the office proposes for a proposal."""

    PROPOSED = "proposed"
    RESERVE = "reserve"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The Chinese label."""
        return MARK_LABELS[self]

    @property
    def result(self) -> str:
        """The transition of the proposal when the decision is published."""
        return _RESULTS[self]


MARK_LABELS: Mapping[str, str] = MappingProxyType(
    {Mark.PROPOSED: "拟立项", Mark.RESERVE: "备选", Mark.REJECTED: "不立项"}
)
MARK_TONES: Mapping[str, str] = MappingProxyType(
    {Mark.PROPOSED: "green", Mark.RESERVE: "yellow", Mark.REJECTED: "grey"}
)
_RESULTS: Mapping[Mark, str] = MappingProxyType(
    {Mark.PROPOSED: "approve", Mark.RESERVE: "reserve", Mark.REJECTED: "decline"}
)
