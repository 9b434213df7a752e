"""The four parts of a project's description. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

PROJECT_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "background": "项目背景",
        "mode": "项目模式",
        "practice": "主要做法",
        "outcome": "项目成效",
    }
)
