"""The roles in a project's team. Pure."""

from enum import StrEnum


class TeamRole(StrEnum):
    """What somebody is in a project's team."""

    LEADER = "leader"
    MEMBER = "member"

    @property
    def label(self) -> str:
        """The Chinese label."""
        return "组长" if self is TeamRole.LEADER else "组员"
