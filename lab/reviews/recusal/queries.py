"""Facts for the recusal rules: relations of people to proposals, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from lab.extensions import db
from lab.identity.core import queries as identity
from lab.identity.models.account import Person, RoleGrant
from lab.policy import OFFICE
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalAvoid, ProposalPerson
from lab.reviews.models import Recusal
from lab.reviews.rules.recusal import Candidate, Conflict, Reason, Reviewer, reasons
from lab.web.typed.people import person_key

Pairs = Mapping[int, list[Any]]


@dataclass(frozen=True)
class Conflicts:
    """Applies the recusal rules to loaded people and proposals (ids)."""

    reviewers: Mapping[int, Reviewer]
    candidates: Mapping[int, Candidate]

    def between(self, proposal_id: int, person_id: int) -> list[Reason]:
        """Return every reason that bars the person from the proposal; [] for none.

        Raises KeyError for a person or proposal that was not loaded.
        """
        return reasons(self.reviewers[person_id], self.candidates[proposal_id])


def conflicts(proposal_ids: Iterable[int], person_ids: Iterable[int]) -> Conflicts:
    """Load the facts about these proposals and people: seven queries, however many there are."""
    proposals, people = sorted(set(proposal_ids)), sorted(set(person_ids))
    parents = identity.unit_parents()
    return Conflicts(_reviewers(people, parents), _candidates(proposals, parents))


def reasons_for(proposal_id: int, person_id: int) -> list[Reason]:
    """Return every reason that bars one person from one proposal."""
    return conflicts([proposal_id], [person_id]).between(proposal_id, person_id)


def _path(unit_id: int | None, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    path: list[int] = []
    while unit_id is not None and unit_id not in path:
        path.append(unit_id)
        unit_id = parents.get(unit_id)
    return tuple(reversed(path))


def _grouped(statement: Any) -> Pairs:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        groups[row[0]].append(row)
    return groups


def _reviewers(people: list[int], parents: Mapping[int, int | None]) -> dict[int, Reviewer]:
    declared = _grouped(
        select(Recusal.reviewer_id, Recusal.code, Recusal.proposal_id).where(
            Recusal.reviewer_id.in_(people)
        )
    )
    office = RoleGrant.person_id == Person.id, RoleGrant.role == OFFICE
    in_office = exists().where(*office).label("in_office")
    columns = (Person.id, Person.unit_id, Person.name, in_office)
    rows = db.session.execute(select(*columns).where(Person.id.in_(people)))
    return {
        row.id: Reviewer(
            person=row.id,
            unit_path=_path(row.unit_id, parents),
            conflicts=tuple(
                Conflict(item.code, proposal=item.proposal_id) for item in declared.get(row.id, [])
            ),
            name=person_key(row.name),
            in_office=row.in_office,
        )
        for row in rows
    }


def _candidates(proposals: list[int], parents: Mapping[int, int | None]) -> dict[int, Candidate]:
    members = _grouped(
        select(ProposalPerson.proposal_id, ProposalPerson.person_id, ProposalPerson.name).where(
            ProposalPerson.proposal_id.in_(proposals)
        )
    )
    requested = _grouped(
        select(JointConfirmation.proposal_id, JointConfirmation.person_id).where(
            JointConfirmation.proposal_id.in_(proposals)
        )
    )
    avoided = _grouped(
        select(ProposalAvoid.proposal_id, ProposalAvoid.person_id).where(
            ProposalAvoid.proposal_id.in_(proposals)
        )
    )
    rows = db.session.execute(
        select(
            Proposal.id,
            Proposal.owner_id,
            Proposal.leader_id,
            Proposal.unit_id,
            Proposal.joint_unit_id,
        ).where(Proposal.id.in_(proposals))
    )
    return {
        row.id: Candidate(
            proposal=row.id,
            unit_paths=tuple(_path(u, parents) for u in (row.unit_id, row.joint_unit_id) if u),
            people=frozenset(
                [p for p in (row.owner_id, row.leader_id) if p]
                + [item.person_id for item in members.get(row.id, []) if item.person_id]
                + [item.person_id for item in requested.get(row.id, [])]
            ),
            leader=row.leader_id,
            avoid=frozenset(item.person_id for item in avoided.get(row.id, []) if item.person_id),
            asks_to_avoid=row.id in avoided,
            names=frozenset(
                person_key(item.name) for item in members.get(row.id, []) if not item.person_id
            ),
        )
        for row in rows
    }
