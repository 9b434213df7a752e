"""Create proposals from checked rows: all of them, with one query per table and none per row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from lab.calls.models.call import Call
from lab.db import insert_all, new_key, transition
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.numbering.formats import proposal_number
from lab.numbering.sequences import allocate_run
from lab.proposals.bulk_import.workbook.validation import CheckedRow
from lab.proposals.core.content import versions as core_versions
from lab.proposals.joint import service as joint_service
from lab.proposals.models.imports import ImportedProposal, ProposalImport
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.form.schema import ROW_FIELDS, STORED_FIELDS
from lab.proposals.writing import content_writer, missing_count

Row = TypeVar("Row", Person, Unit)


def create_all(
    batch: ProposalImport, checked: Sequence[CheckedRow], person_id: int, now: datetime
) -> list[tuple[Proposal, ProposalVersion]]:
    """Create submitted proposals with their first version, numbered in workbook order.

    The mail was the submission: `submitted_at` is the import's time, and the mail's arrival day is
    stored beside the row. The partner units of joint ones are asked to confirm. Writes no audit
    line and no notice.
    """
    call = batch.call
    references = _References(checked)
    run = allocate_run("proposal", f"{call.year}-{call.batch:02d}", len(checked))
    proposals = [
        _proposal(call, row, references, proposal_number(call.year, call.batch, order), now)
        for row, order in zip(checked, run, strict=True)
    ]
    versions = [core_versions.frozen_version(proposal, person_id, now) for proposal in proposals]
    _store(batch, proposals, checked)
    for proposal, version in zip(proposals, versions, strict=True):
        version.proposal_id, version.number = proposal.id, 1
    insert_all(db.session(), versions)
    insert_all(db.session(), _requests(proposals, person_id, now))
    return list(zip(proposals, versions, strict=True))


def _requests(
    proposals: Sequence[Proposal], person_id: int, now: datetime
) -> list[JointConfirmation]:
    """Return the requests to the partner units of the joint proposals among them."""
    requests = []
    for proposal in proposals:
        if proposal.joint_unit_id is not None:
            request = joint_service.new_request(proposal, person_id)
            request.proposal_id, request.asked_at = proposal.id, now
            requests.append(request)
    return requests


def create_drafts(
    batch: ProposalImport, checked: Sequence[CheckedRow], now: datetime
) -> list[Proposal]:
    """Create drafts that their owners complete and submit.

    Writes no audit line and no notice.
    """
    references = _References(checked)
    proposals = [_begun(batch.call, row, references, now) for row in checked]
    for proposal, row in zip(proposals, checked, strict=True):
        proposal.invalid_input = row.invalid_input
        proposal.missing_count = missing_count.missing_count(proposal)
    _store(batch, proposals, checked)
    return proposals


def _store(
    batch: ProposalImport, proposals: Sequence[Proposal], checked: Sequence[CheckedRow]
) -> None:
    """Insert proposals with the rows inside them and where each comes from."""
    insert_all(db.session(), proposals)
    ids = _ids(proposals)
    for proposal in proposals:
        proposal.id = ids[proposal.key]
    for rows in _children(proposals):
        insert_all(db.session(), rows)
    insert_all(
        db.session(), [_origin(batch, *pair) for pair in zip(proposals, checked, strict=True)]
    )


def _ids(proposals: Sequence[Proposal]) -> dict[str, int]:
    stored = select(Proposal.key, Proposal.id).where(Proposal.key.in_([p.key for p in proposals]))
    return {row.key: row.id for row in db.session.execute(stored)}


def _children(proposals: Sequence[Proposal]) -> Iterator[list[Any]]:
    """Iterate over the rows inside the proposals, table by table."""
    for name in content_writer.ROWS:
        rows = []
        for proposal in proposals:
            for row in getattr(proposal, name):
                row.proposal_id = proposal.id
                rows.append(row)
        yield rows


def _origin(batch: ProposalImport, proposal: Proposal, row: CheckedRow) -> ImportedProposal:
    return ImportedProposal(
        import_id=batch.id,
        proposal_id=proposal.id,
        row=row.row,
        received_on=row.evidence["received_on"],
    )


class _References:
    """The people and units that the rows reference."""

    def __init__(self, checked: Iterable[CheckedRow]) -> None:
        people: set[int] = set()
        units: set[int] = set()
        for row in checked:
            units |= {row.values["unit_id"], row.values.get("joint_unit_id") or 0}
            people |= {row.evidence["owner_id"], row.values.get("leader_id") or 0}
            people |= {line["person_id"] or 0 for line in row.values.get("people", ())}
        self.people = _by_id(Person, people, joinedload(Person.unit))
        self.units = _by_id(Unit, units)


def _by_id(table: type[Row], ids: Collection[int], *options: Any) -> dict[int, Row]:
    rows = db.session.scalars(select(table).where(table.id.in_(ids)).options(*options))
    return {row.id: row for row in rows}


def _proposal(
    call: Call, row: CheckedRow, references: _References, number: str, now: datetime
) -> Proposal:
    proposal = _begun(call, row, references, now)
    transition(proposal, "submit", number=number, submitted_at=now, pledged_at=now)
    proposal.first_submitted_at, proposal.missing_count = now, 0
    return proposal


def _begun(call: Call, row: CheckedRow, references: _References, now: datetime) -> Proposal:
    proposal = Proposal(
        key=new_key(),
        call_id=call.id,
        call=call,
        owner_id=row.evidence["owner_id"],
        owner=references.people[row.evidence["owner_id"]],
        is_demo=call.is_demo,
        created_at=now,
        saved_at=now,
    )
    proposal.begin()
    content_writer.fill(proposal, {**_blank_values(), **row.values})
    _name_people(proposal, references)
    _name_units(proposal, references)
    return proposal


@cache
def _blank_values() -> Mapping[str, Any]:
    """Return what fields hold whose cells could not be taken: one statement writes all rows."""
    columns = inspect(Proposal).columns
    names = [name for name in STORED_FIELDS if name not in ROW_FIELDS]
    defaults: dict[str, Any] = {name: columns[name].default for name in names}
    return {
        name: default.arg if default is not None and default.is_scalar else None
        for name, default in defaults.items()
    }


def _name_people(proposal: Proposal, references: _References) -> None:
    if proposal.leader_id is not None:
        proposal.leader = references.people[proposal.leader_id]
    for row in proposal.people:
        if row.person_id is not None:
            row.person = references.people[row.person_id]


def _name_units(proposal: Proposal, references: _References) -> None:
    """Set the applicants; the partner unit confirms after the import."""
    proposal.unit = references.units[proposal.unit_id]
    units = [proposal.unit]
    if proposal.joint_unit_id is not None:
        proposal.joint_unit = references.units[proposal.joint_unit_id]
        units.append(proposal.joint_unit)
    proposal.side = content_writer.joined_side({unit.side for unit in units})
