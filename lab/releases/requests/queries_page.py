"""Reads for the list of release requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.policy import Actor
from lab.releases.requests.queries import ReleaseRow, awaiting_decision_of, list_releases
from lab.releases.rules.lifecycle import RELEASE, WORKING_DAYS
from lab.web.pages.pagination import Page
from lab.workflow import State


@dataclass(frozen=True)
class ReleaseListPage:
    """A page of the list, newest first.

    `waiting` are the requests that wait for the reader's decision, `states` the states by which the
    list can be filtered. A request lapses after `working_days`.
    """

    rows: Page
    waiting: Sequence[ReleaseRow]
    states: Sequence[State]
    working_days: int


def release_list_page(reader: Actor, args: Mapping[str, str]) -> ReleaseListPage:
    """Return the requests that the reader may see."""
    return ReleaseListPage(
        rows=list_releases(reader, args),
        waiting=awaiting_decision_of(reader),
        states=RELEASE.states,
        working_days=WORKING_DAYS,
    )
