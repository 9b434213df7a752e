"""One-time codes for late entry: format, digest and lifetime. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from lab.clock import NO_TABLE, OfficeCalendar, add_working_days

LONGEST_WORKING_DAYS = 5
GROUP_LENGTH = 4
OPEN, USED, REVOKED, EXPIRED = "open", "used", "revoked", "expired"
STATE_LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        OPEN: ("未使用", "blue"),
        USED: ("已使用", "green"),
        REVOKED: ("已作废", "grey"),
        EXPIRED: ("已过期", "grey"),
    }
)


def format_code(code: str) -> str:
    """Format a code for display: ABCD-EFGH-JKMN."""
    upper = code.upper()
    return "-".join(upper[at : at + GROUP_LENGTH] for at in range(0, len(upper), GROUP_LENGTH))


def code_digest(call_key: str, code_text: str) -> str:
    """Return the SHA-256 (64 hex digits) of a code of this call, ignoring grouping and case."""
    normalised = unicodedata.normalize("NFKC", code_text).upper()
    signs = "".join(sign for sign in normalised if sign.isascii() and sign.isalnum())
    return hashlib.sha256(f"{call_key}:{signs}".encode()).hexdigest()


def last_day(today: date, calendar: OfficeCalendar = NO_TABLE) -> date:
    """Return the latest expiry date of a code made today."""
    return add_working_days(today, LONGEST_WORKING_DAYS, calendar)


def expiry_problem(expires_on: date, today: date, calendar: OfficeCalendar = NO_TABLE) -> str:
    """Return why a code made today cannot expire on that day, "" when it can."""
    if expires_on < today:
        return "有效期不能早于今天。"
    if expires_on > last_day(today, calendar):
        return f"有效期最长{LONGEST_WORKING_DAYS}个工作日。"
    return ""
