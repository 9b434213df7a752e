"""Where a row comes from: a published record, the office's own entries, or the demonstration.

Figures of different provenance are never added together. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Provenance = Literal["fact", "real", "demo"]
PROVENANCES: tuple[Provenance, ...] = ("fact", "real", "demo")
PROVENANCE_LABELS: Mapping[Provenance, str] = MappingProxyType(
    {"fact": "公开报道", "real": "业务数据", "demo": "演示数据"}
)


def provenance_of(source_label: str, is_demo: bool) -> Provenance:
    """Return the provenance of a row; a row with a published source is a fact."""
    if source_label:
        return "fact"
    return "demo" if is_demo else "real"
