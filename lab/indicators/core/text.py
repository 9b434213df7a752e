"""An entry's figure as the text that a form shows."""

from __future__ import annotations

from lab.indicators.models import Entry
from lab.indicators.rules.findings import format_value


def entry_text(entry: Entry) -> str:
    """Format an entry as pages print it: the value, its wording, or that none is available."""
    if entry.value is not None:
        return format_value(entry.indicator, entry.value) + ("（预计）" if entry.forecast else "")
    return entry.value_text or ("无法提供" if entry.unavailable_reason else "—")
