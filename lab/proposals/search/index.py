"""Keep `search_entry` and its words in step with the proposals, in the same transaction.

The session tracks every write of a proposal, its team, its milestones or a version; before the
commit its entries are rebuilt. They depend on stored data only, so a full rebuild gives the same
result. Private parts (phone, who filled in the form, reviewers to avoid) are in no entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.orm import aliased

from lab.db import writing
from lab.identity.models.account import Person, Unit
from lab.proposals.models.proposal import (
    Proposal,
    ProposalMilestone,
    ProposalPerson,
    ProposalVersion,
)
from lab.proposals.models.search import ALL, OTHERS, OWN, SearchEntry, entry_id
from lab.proposals.rules.form.description import Search
from lab.proposals.rules.form.schema import SHOWN_TEXTS
from lab.proposals.rules.lifecycle import UNSETTLED, ProposalStatus
from lab.proposals.rules.matching import index_words
from lab.proposals.search import words as search_words

ABSTRACT = tuple(field.key for field in SHOWN_TEXTS if field.search is Search.ABSTRACT)
BODY = tuple(field.key for field in SHOWN_TEXTS if field.search is Search.BODY)
BATCH = 200  # proposals rebuilt in one transaction
Fields = dict[str, str]
_entry: Any = SearchEntry.__table__
_proposal: Any = Proposal.__table__
_unit, _joint, _leader = aliased(Unit), aliased(Unit), aliased(Person)
_PROPOSAL = (
    select(
        *(_proposal.c[name] for name in ("number", "status", "title", *ABSTRACT, *BODY)),
        _unit.name.label("unit"),
        _joint.name.label("joint_unit"),
        _leader.name.label("leader"),
    )
    .join(_unit, _unit.id == _proposal.c.unit_id)
    .outerjoin(_joint, _joint.id == _proposal.c.joint_unit_id)
    .outerjoin(_leader, _leader.id == _proposal.c.leader_id)
    .where(_proposal.c.id == bindparam("id"))
)
_MEMBERS = (
    select(Person.name)
    .join(ProposalPerson, ProposalPerson.person_id == Person.id)
    .where(ProposalPerson.proposal_id == bindparam("id"))
    .order_by(ProposalPerson.position, ProposalPerson.id)
)
_MILESTONES = (
    select(ProposalMilestone.name)
    .where(ProposalMilestone.proposal_id == bindparam("id"))
    .order_by(ProposalMilestone.position, ProposalMilestone.id)
)
_VERSION = (
    select(ProposalVersion.content)
    .where(ProposalVersion.proposal_id == bindparam("id"))
    .order_by(ProposalVersion.number.desc())
    .limit(1)
)


def expected_entries(connection: Connection, proposal_id: int) -> dict[str, Fields]:
    """Return audience -> fields, derived from stored data; empty for a deleted proposal."""
    row = connection.execute(_PROPOSAL, {"id": proposal_id}).mappings().first()
    if row is None:
        return {}
    own = _working_fields(connection, proposal_id, row)
    if row["status"] == ProposalStatus.DRAFT:
        return {OWN: own}
    if row["status"] not in UNSETTLED:
        return {ALL: own}
    others = _submitted(connection, proposal_id)
    return {ALL: own} if others in (own, None) else {OWN: own, OTHERS: others or {}}


def _working_fields(connection: Connection, proposal_id: int, row: Any) -> Fields:
    members = connection.scalars(_MEMBERS, {"id": proposal_id})
    return _fields(
        row,
        units=(row["unit"], row["joint_unit"]),
        people=filter(None, (row["leader"], *members)),
        milestones=connection.scalars(_MILESTONES, {"id": proposal_id}),
    )


def _submitted(connection: Connection, proposal_id: int) -> Fields | None:
    """Return the fields of the newest submitted version, with names as of then."""
    text = connection.scalar(_VERSION, {"id": proposal_id})
    if text is None:
        return None
    shown = text.parsed()
    leader = [shown["leader"]["name"]] if shown["leader"] else []
    return _fields(
        shown,
        units=(shown["unit"], shown["joint_unit"]),
        people=leader + [member["name"] for member in shown["people"]],
        milestones=[row["name"] for row in shown["milestones"]],
    )


def _fields(
    plain: Mapping[str, Any],
    *,
    units: Iterable[str | None],
    people: Iterable[str],
    milestones: Iterable[str],
) -> Fields:
    return {
        "number": plain["number"] or "",
        "title": plain["title"],
        "unit": "、".join(filter(None, units)),
        "people": "、".join(dict.fromkeys(people)),
        "abstract": _joined(plain, ABSTRACT),
        "body": "\n".join(filter(None, (_joined(plain, BODY), *milestones))),
    }


def _joined(plain: Mapping[str, Any], names: Iterable[str]) -> str:
    """The texts one under the other; a version from before a field has no such key."""
    return "\n".join(filter(None, (plain.get(name) for name in names)))


# -- writing -----------------------------------------------------------------------------------


def refresh(connection: Connection, proposal_id: int) -> dict[str, Fields]:
    """Update the entries of one proposal and return them.

    The caller holds the proposal's row lock, so that no older text overwrites a newer one.
    """
    expected = expected_entries(connection, proposal_id)
    stored = connection.execute(
        select(_entry).where(_entry.c.proposal_id == proposal_id)
    ).mappings()
    stored_by_audience: dict[str, Any] = {row["audience"]: row for row in stored}
    for audience, row in stored_by_audience.items():
        if not _same(row, expected.get(audience)):
            connection.execute(delete(_entry).where(_entry.c.id == row["id"]))
    for audience, fields in expected.items():
        if not _same(stored_by_audience.get(audience), fields):
            _add(connection, proposal_id, audience, fields)
    return expected


def _same(row: Mapping[str, Any] | None, fields: Fields | None) -> bool:
    if row is None or fields is None:
        return False
    return all(row[name] == value for name, value in fields.items())


def _add(connection: Connection, proposal_id: int, audience: str, fields: Fields) -> None:
    number = entry_id(proposal_id, audience)
    connection.execute(
        insert(_entry).values(id=number, proposal_id=proposal_id, audience=audience, **fields)
    )
    tokens = {name: index_words(fields[name]) for name in search_words.FIELDS if name != "body"}
    tokens["body"] = index_words(f"{fields['abstract']}\n{fields['body']}")
    search_words.insert_words(connection, number, tokens)


def rebuild(only: Iterable[int] | None = None) -> int:
    """Rebuild the entries of all proposals (or of the given ids); return how many.

    In transactions of BATCH proposals, so that writers never wait for long.
    """
    with writing() as session:
        ids = sorted(session.scalars(select(Proposal.id)) if only is None else only)
    for start in range(0, len(ids), BATCH):
        with writing() as session:
            for proposal_id in ids[start : start + BATCH]:
                session.scalar(
                    select(Proposal.id).where(Proposal.id == proposal_id).with_for_update()
                )
                connection = session.connection()
                connection.execute(delete(_entry).where(_entry.c.proposal_id == proposal_id))
                refresh(connection, proposal_id)
    with writing() as session:
        search_words.optimise(session.connection())
    return len(ids)


def proposals_naming(kind: str, row_id: int) -> list[int]:
    """Return the ids of the proposals that name this unit or person (kind "unit" or "person")."""
    if kind == "unit":
        condition = (Proposal.unit_id == row_id) | (Proposal.joint_unit_id == row_id)
    else:
        member = select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == row_id)
        condition = (Proposal.leader_id == row_id) | Proposal.id.in_(member)
    with writing() as session:
        return list(session.scalars(select(Proposal.id).where(condition)))
