"""The content of printed activation slips. Made, printed and forgotten: never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lab.reports.content.decode import decode

SCHEMA = "slips-1"


@dataclass(frozen=True)
class PrintedSlip:
    """One slip: whose account it opens, and the code that holds once."""

    unit: str
    name: str
    sign_in_name: str
    code: str


@dataclass(frozen=True)
class SlipSheet:
    """Slips issued at one moment; `address` is where they are used, `valid_until` a day in words.

    Raises ValueError for a naive time.
    """

    address: str
    valid_until: str
    issued_by: str
    made_at: datetime
    has_demo: bool
    slips: tuple[PrintedSlip, ...]

    def __post_init__(self) -> None:
        if self.made_at.utcoffset() is None:
            raise ValueError("moments need a zone")


def to_plain(sheet: SlipSheet) -> dict[str, Any]:
    """Return the sheet as JSON types with its schema; `from_plain` restores it."""
    return {**asdict(sheet), "made_at": sheet.made_at.isoformat(), "schema": SCHEMA}


def from_plain(plain: Mapping[str, Any]) -> SlipSheet:
    """Return the sheet that `to_plain` wrote. Raises ValueError when it is malformed."""
    content = {**plain, "slips": list(plain["slips"])}
    content.pop("schema")
    sheet: SlipSheet = decode(SlipSheet, content)
    return sheet
