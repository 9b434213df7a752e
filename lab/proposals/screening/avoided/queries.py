"""Whom the applicant wants to avoid, with the people who may be meant."""

from __future__ import annotations

from collections.abc import Collection

from lab.identity.core.people_search import people_alike
from lab.identity.rules.name_keys import sounds_alike
from lab.proposals.models.proposal import Proposal, ProposalAvoid
from lab.proposals.rules.screening.avoidance import AvoidedEntry, is_called, likeliest_first
from lab.web.typed.people import KnownPerson, without_brackets


def avoided_entries(proposal: Proposal) -> tuple[AvoidedEntry, ...]:
    """Return the entries in the order first named: two queries, one where there are none."""
    rows = proposal.avoided
    if not rows:
        return ()
    matched = [row.person_id for row in rows if row.person_id is not None]
    people = people_alike([(row.name, row.unit) for row in rows], matched)
    return tuple(_entry(row, people) for row in rows)


def _entry(row: ProposalAvoid, people: Collection[KnownPerson]) -> AvoidedEntry:
    mine = [person for person in people if person.id == row.person_id or _is_alike(person, row)]
    return AvoidedEntry(
        row.id,
        row.name,
        row.unit,
        row.reason,
        row.matched_at is not None,
        row.person_id,
        likeliest_first(row.name, row.unit, mine),
    )


def _is_alike(person: KnownPerson, row: ProposalAvoid) -> bool:
    return is_called(person.name, row.name) or sounds_alike(without_brackets(person.name), row.name)
