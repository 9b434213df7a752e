"""What the form of a correction shows: a returned one, and the figure that goes with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.indicators.models import Entry
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.rules.validation import ZERO_PAIR, is_inconsistent_pair
from lab.indicators.validation import checks


def returned_correction(entry: Entry) -> dict[str, Any]:
    """Return the content of a returned correction of this figure, for the form; {} without one."""
    correction = db.session.scalar(
        select(Entry).where(Entry.corrects_id == entry.id, Entry.status == EntryStatus.RETURNED)
    )
    if correction is None:
        return {}
    return {
        "value": correction.value,
        "unavailable_reason": correction.unavailable_reason,
        "reason": correction.correction_reason,
        "forecast": correction.forecast,
        "note": correction.note,
    }


def counterpart_to_correct(entry: Entry, value: Decimal | None) -> str:
    """Return the name of the figure that has to be corrected as well, "" for none."""
    if entry.indicator not in ZERO_PAIR or value is None:
        return ""
    (other,) = (code for code in ZERO_PAIR if code != entry.indicator)
    other_value = checks.values_of(entry.project_id, entry.period_end).get(other)
    if other_value is None or not is_inconsistent_pair(value, other_value):
        return ""
    return INDICATORS[other].name
