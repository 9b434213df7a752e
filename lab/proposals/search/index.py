"""Keep `search_entry` and its words in step with the proposals, in the same transaction.

The session tracks every write of a proposal, its team, its milestones or a version; before the
commit its entries are rebuilt. They depend on stored data only, so a full rebuild gives the same
result. Private parts (phone, who filled in the form, reviewers to avoid) are in no entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select
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
from lab.proposals.rules.unit_names import join_units
from lab.proposals.search import words as search_words

ABSTRACT = tuple(field.key for field in SHOWN_TEXTS if field.search is Search.ABSTRACT)
BODY = tuple(field.key for field in SHOWN_TEXTS if field.search is Search.BODY)
BATCH = 200  # proposals rebuilt in one transaction
Fields = dict[str, str]
_entry: Any = SearchEntry.__table__
_proposal: Any = Proposal.__table__
_unit, _joint, _leader = aliased(Unit), aliased(Unit), aliased(Person)
_IDS: Any = bindparam("ids", expanding=True)
_PROPOSALS = (
    select(
        *(_proposal.c[name] for name in ("id", "number", "status", "title", *ABSTRACT, *BODY)),
        _unit.name.label("unit"),
        _joint.name.label("joint_unit"),
        _leader.name.label("leader"),
    )
    .join(_unit, _unit.id == _proposal.c.unit_id)
    .outerjoin(_joint, _joint.id == _proposal.c.joint_unit_id)
    .outerjoin(_leader, _leader.id == _proposal.c.leader_id)
    .where(_proposal.c.id.in_(_IDS))
    .order_by(_proposal.c.id)
)
_MEMBERS = (
    select(ProposalPerson.proposal_id, func.coalesce(Person.name, ProposalPerson.name))
    .outerjoin(Person, ProposalPerson.person_id == Person.id)
    .where(ProposalPerson.proposal_id.in_(_IDS))
    .order_by(ProposalPerson.proposal_id, ProposalPerson.position, ProposalPerson.id)
)
_MILESTONES = (
    select(ProposalMilestone.proposal_id, ProposalMilestone.name)
    .where(ProposalMilestone.proposal_id.in_(_IDS))
    .order_by(ProposalMilestone.proposal_id, ProposalMilestone.position, ProposalMilestone.id)
)
_VERSION = (
    select(ProposalVersion.content)
    .where(ProposalVersion.proposal_id == bindparam("id"))
    .order_by(ProposalVersion.number.desc())
    .limit(1)
)


def expected_entries(
    connection: Connection, proposal_ids: Sequence[int]
) -> dict[int, dict[str, Fields]]:
    """Return for each proposal audience -> fields, from stored data; a deleted one has no entry.

    Three queries however many proposals, and one for each whose text is under correction.
    """
    chosen = {"ids": list(proposal_ids)}
    rows = connection.execute(_PROPOSALS, chosen).mappings().all()
    members = _names_by_id(connection.execute(_MEMBERS, chosen))
    milestones = _names_by_id(connection.execute(_MILESTONES, chosen))
    return {
        row["id"]: _entries(connection, row, members[row["id"]], milestones[row["id"]])
        for row in rows
    }


def _names_by_id(rows: Iterable[Any]) -> defaultdict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    for proposal_id, name in rows:
        names[proposal_id].append(name)
    return names


def _entries(
    connection: Connection, row: Any, members: Sequence[str], milestones: Sequence[str]
) -> dict[str, Fields]:
    own = _fields(
        row,
        units=(row["unit"], row["joint_unit"]),
        people=filter(None, (row["leader"], *members)),
        milestones=milestones,
    )
    if row["status"] == ProposalStatus.DRAFT:
        return {OWN: own}
    if row["status"] not in UNSETTLED:
        return {ALL: own}
    others = _submitted(connection, row["id"])
    return {ALL: own} if others in (own, None) else {OWN: own, OTHERS: others or {}}


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
        "unit": join_units(units),
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
    expected = expected_entries(connection, [proposal_id]).get(proposal_id, {})
    stored = connection.execute(
        select(_entry).where(_entry.c.proposal_id == proposal_id)
    ).mappings()
    stored_by_audience: dict[str, Any] = {row["audience"]: row for row in stored}
    for audience, row in stored_by_audience.items():
        if not _same(row, expected.get(audience)):
            connection.execute(delete(_entry).where(_entry.c.id == row["id"]))
    changed = {
        audience: fields
        for audience, fields in expected.items()
        if not _same(stored_by_audience.get(audience), fields)
    }
    _add(connection, {proposal_id: changed})
    return expected


def _same(row: Mapping[str, Any] | None, fields: Fields | None) -> bool:
    if row is None or fields is None:
        return False
    return all(row[name] == value for name, value in fields.items())


def _add(connection: Connection, entries: Mapping[int, Mapping[str, Fields]]) -> None:
    """Insert entries by proposal and audience, and their words."""
    rows: list[dict[str, Any]] = [
        {
            "id": entry_id(proposal_id, audience),
            "proposal_id": proposal_id,
            "audience": audience,
            **fields,
        }
        for proposal_id, by_audience in entries.items()
        for audience, fields in by_audience.items()
    ]
    if rows:
        connection.execute(insert(_entry), rows)
        search_words.insert_words(connection, {row["id"]: _tokens(row) for row in rows})


def _tokens(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    tokens = {name: index_words(fields[name]) for name in search_words.FIELDS if name != "body"}
    return {**tokens, "body": index_words(f"{fields['abstract']}\n{fields['body']}")}


def rebuild(only: Iterable[int] | None = None) -> int:
    """Rebuild the entries of all proposals (or of the given ids); return how many.

    In transactions of BATCH proposals, so that writers never wait for long.
    """
    with writing() as session:
        ids = sorted(session.scalars(select(Proposal.id)) if only is None else only)
    for start in range(0, len(ids), BATCH):
        with writing() as session:
            batch = ids[start : start + BATCH]
            locked = select(Proposal.id).where(Proposal.id.in_(batch)).order_by(Proposal.id)
            session.execute(locked.with_for_update())
            connection = session.connection()
            connection.execute(delete(_entry).where(_entry.c.proposal_id.in_(batch)))
            _add(connection, expected_entries(connection, batch))
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
