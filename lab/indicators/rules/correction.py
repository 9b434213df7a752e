"""Which figures may be corrected. Pure."""

from __future__ import annotations

from lab.indicators.rules.lifecycle import EntryStatus


def reason_not_to_correct(status: str, source_label: str) -> str:
    """Return why a figure may not be corrected, "" when it may."""
    if status != EntryStatus.APPROVED:
        return "只有已核定的数据可以更正。"
    if source_label:
        return "公开报道的数据不能更正，按来源原样保留。"
    return ""
