"""The conflicts of interest that a reviewer declares. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class DeclaredKind(StrEnum):
    """A conflict of interest that a reviewer declares."""

    KINSHIP = "kinship"
    FORMER_UNIT = "former_unit"
    INTEREST = "interest"
    SELF = "self"

    @property
    def label(self) -> str:
        """What the reviewer chooses."""
        return _DECLARED[self][0]

    @property
    def reason(self) -> str:
        """The reason for recusal as the office reads it."""
        return _DECLARED[self][1]


_DECLARED: Mapping[DeclaredKind, tuple[str, str]] = MappingProxyType(
    {
        DeclaredKind.KINSHIP: (
            "与项目人员有夫妻、直系血亲、三代以内旁系血亲或近姻亲关系",
            "已申报与项目人员有亲属关系",
        ),
        DeclaredKind.FORMER_UNIT: ("三年内曾在申报单位任职", "已申报三年内曾在申报单位任职"),
        DeclaredKind.INTEREST: ("与项目有其他利害关系", "已申报与项目有其他利害关系"),
        DeclaredKind.SELF: ("其他可能影响公正评审的情形", "本人申请回避"),
    }
)
