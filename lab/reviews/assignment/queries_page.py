"""Reads for the page on which reviewers are assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.calls.models.call import Call
from lab.policy import Actor
from lab.reviews.rounds.queries import round_page
from lab.reviews.rounds.read_models import RoundPage
from lab.web.pages.pagination import Page, paginate_list

ROWS = 30  # proposals on one page of the matrix


@dataclass(frozen=True)
class AssignmentPage:
    """A round, and the proposals that one page of the matrix shows."""

    round: RoundPage
    rows: Page


def assignment_page(call: Call, reader: Actor, args: Mapping[str, str]) -> AssignmentPage:
    """Return the matrix of the call's proposals and reviewers; `args` hold the paging cursor."""
    page = round_page(call, reader)
    return AssignmentPage(page, paginate_list(page.entries, args, size=ROWS))
