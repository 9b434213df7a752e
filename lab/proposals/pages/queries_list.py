"""Reads for the list of proposals: its filters, its rows, what waits for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab import clock
from lab.calls.core.read_models import CallRow
from lab.calls.pages.queries import open_calls
from lab.policy import APPLICANT, Actor
from lab.proposals.pages import queries
from lab.proposals.pages.queries import ProposalRow
from lab.proposals.rules.matching import displayable_query
from lab.proposals.rules.progress import format_time_left
from lab.web.pages.pagination import Page
from lab.web.pages.state_filter import StateFilter


@dataclass(frozen=True)
class ListFilters(StateFilter):
    """What a list can be narrowed to; `calls` (key, title) are those to choose from."""

    calls: list[tuple[str, str]]


def list_filters(
    reader: Actor, args: Mapping[str, str], *, drafts: bool, status: str = ""
) -> ListFilters:
    """Return the filters of a list; `status` is the one selected when none is asked for."""
    asked = {"status": status, **args}
    if "q" in asked:
        asked["q"] = displayable_query(asked["q"])
    counts = queries.count_by_state(reader, asked, drafts=drafts)
    return ListFilters(counts, asked, queries.call_choices(reader))


@dataclass(frozen=True)
class ProposalList:
    """The list of proposals that a reader may open.

    `waiting` is what waits for an applicant to write or submit, `rows` a page of the others;
    `open_calls` are the calls that take submissions of an applicant, with the time left in words.
    """

    heading: str
    filters: ListFilters
    waiting: tuple[ProposalRow, ...]
    rows: Page
    open_calls: tuple[tuple[CallRow, str], ...]


def proposal_list(reader: Actor, args: Mapping[str, str]) -> ProposalList:
    """Return the list; applicants see their drafts and find what waits for them on top."""
    applicant, now = APPLICANT in reader.roles, clock.now()
    filters = list_filters(reader, args, drafts=applicant)
    asked = filters.args
    return ProposalList(
        heading="申报书" if reader.roles - {APPLICANT} else "我的申报",
        filters=filters,
        waiting=queries.rows_awaiting(reader, asked) if applicant else (),
        rows=queries.list_proposals(reader, asked, drafts=applicant, exclude_awaiting=applicant),
        open_calls=tuple(
            (call, format_time_left(call.closes_at, now))
            for call in (open_calls(reader.unit_id) if applicant else ())
        ),
    )
