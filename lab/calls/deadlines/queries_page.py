"""Reads for the pages on which a call is given more time and its codes are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.calls.core import deadlines
from lab.calls.core.deadlines import CodeRow
from lab.calls.core.read_models import ExtensionRow
from lab.calls.models.call import Call


@dataclass(frozen=True)
class ExtensionPage:
    """A call and the time it was given so far, oldest first."""

    call: Call
    extensions: Sequence[ExtensionRow]


def extension_page(call: Call) -> ExtensionPage:
    """Return the page on which the call is extended."""
    return ExtensionPage(call, deadlines.extensions(call.id, None, office=True))


@dataclass(frozen=True)
class CodesPage:
    """A call and its codes for late entry, newest first."""

    call: Call
    codes: Sequence[CodeRow]


def codes_page(call: Call) -> CodesPage:
    """Return the page of the call's codes."""
    return CodesPage(call, deadlines.late_codes_of(call.id))
