"""A reviewer's overall recommendation. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Recommendation(StrEnum):
    """What a reviewer recommends for one proposal."""

    APPROVE = "approve"
    REVISE = "revise"
    DECLINE = "decline"

    @property
    def label(self) -> str:
        """The Chinese label."""
        return RECOMMENDATION_LABELS[self]


RECOMMENDATION_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Recommendation.APPROVE: "建议立项",
        Recommendation.REVISE: "修改后立项",
        Recommendation.DECLINE: "不建议立项",
    }
)
