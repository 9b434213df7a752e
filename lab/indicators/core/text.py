"""The text of an entry's figure as a form shows it."""

from __future__ import annotations

from lab.indicators.models import Entry
from lab.indicators.rules.findings import format_value


def entry_text(entry: Entry) -> str:
    """A figure as pages print it: the value, its words, or that none can be given."""
    if entry.value is not None:
        return format_value(entry.indicator, entry.value) + ("（预计）" if entry.forecast else "")
    return entry.value_text or ("无法提供" if entry.unavailable_reason else "—")
