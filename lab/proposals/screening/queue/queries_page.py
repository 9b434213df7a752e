"""The page of the queue with its filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.policy import Actor
from lab.proposals.pages.queries_list import ListFilters, list_filters
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.screening.queue.queries import check_queue
from lab.web.pages.pagination import Page


@dataclass(frozen=True)
class QueuePage:
    """The queue as filtered: a page of its rows."""

    filters: ListFilters
    rows: Page

    @property
    def awaiting_check(self) -> bool:
        """Whether the list shows all that waits for a check, and not what a search found of it."""
        searched = self.filters.args.get("q", "")
        return self.filters.selected == ProposalStatus.SUBMITTED and not searched


def queue_page(clerk: Actor, args: Mapping[str, str]) -> QueuePage:
    """Return the queue; without a state asked for, what waits for a check."""
    filters = list_filters(clerk, args, drafts=False, status=ProposalStatus.SUBMITTED)
    return QueuePage(filters, check_queue(clerk, filters.args))
