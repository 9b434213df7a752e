"""Activation slips: their codes, how long they hold, which accounts may have one. Pure."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from lab import clock
from lab.identity.rules.privileges import PLAIN, privilege_level

DAYS_VALID = 14  # counted from the day after the issue, to the end of the last day
LENGTH, GROUP = 16, 4
# Read from paper and typed by hand: no letter that looks like another or like a digit.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class SlipState(StrEnum):
    """How a slip stands."""

    VALID = "valid"
    USED = "used"
    VOID = "void"
    EXPIRED = "expired"


def new_code() -> str:
    """Return a random code like KMPW-TGDX-4827-RHSA, about 79 bits."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def is_like_code(typed: str) -> bool:
    """Return whether a text is written as codes are printed; no sign-in name is."""
    groups = unicodedata.normalize("NFKC", typed).strip().upper().split("-")
    return len(groups) == LENGTH // GROUP and all(
        len(group) == GROUP and set(group) <= set(ALPHABET) for group in groups
    )


def code_digest(sign_in_name: str, typed: str) -> str:
    """Return the SHA-256 (64 hex digits) of an account's code.

    Case, width and grouping make no difference.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(sign for sign in plain if sign.isascii() and sign.isalnum())
    return hashlib.sha256(f"{sign_in_name}:{signs}".encode()).hexdigest()


def expiry(now: datetime) -> datetime:
    """Return until when a slip issued now holds: the end of the fourteenth day from today."""
    return clock.end_of_day(clock.beijing(now).date() + timedelta(days=DAYS_VALID))


def slip_state(
    expires_at: datetime, used_at: datetime | None, void_at: datetime | None, now: datetime
) -> SlipState:
    """Return how a slip stands now."""
    if used_at is not None:
        return SlipState.USED
    if void_at is not None:
        return SlipState.VOID
    return SlipState.VALID if now <= expires_at else SlipState.EXPIRED


def may_have_slip(*, has_password: bool, disabled: bool, roles: Iterable[str]) -> bool:
    """Return whether a slip may be issued for an account.

    Rule of the lab: it is open, has no password, and holds no more than 申报人. An account with
    more gets another password only with a second person's agreement.
    """
    return not has_password and not disabled and privilege_level(roles) == PLAIN
