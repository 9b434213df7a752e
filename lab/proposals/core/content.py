"""The content of a proposal as reviewers see it, and the part that they never see.

`shown` and `private` make plain values of a stored proposal; `read` turns the shown part, live
or out of a version's canonical JSON, into the read model that `_content.html` draws. Whoever
wrote the form, the telephone number and the reviewers to avoid stand in the private part only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from lab.canonical import canonical_json, fingerprint
from lab.catalogue.indicators import INDICATORS
from lab.catalogue.projects import PROJECT_TYPES, SCENARIO_TYPES
from lab.extensions import db
from lab.files.inspection.kinds import is_previewed, label_of
from lab.identity.models.account import SIDE_LABELS, Person
from lab.proposals.core.files import active_files
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalPerson, ProposalTarget
from lab.proposals.rules import confirmation

FORMAT = 2
# Format 1 had the budget as one number and no confirmation by the partner unit. Versions submitted
# in it are read as they are, for good: their fingerprints and papers do not change.
FORMATS = (1, FORMAT)
TEXTS = (
    *("title", "place", "background", "mode", "innovation", "plan", "departments", "linkage"),
    *("smart_contract_text", "budget_source", "risks", "demonstration", "replicability"),
    "unit_opinion",
)


@dataclass(frozen=True)
class Member:
    """A person of the team: name, unit, duty in the project."""

    name: str
    unit: str
    duty: str


@dataclass(frozen=True)
class Milestone:
    """A planned milestone and its last day."""

    name: str
    due_on: date


@dataclass(frozen=True)
class Target:
    """An expected figure: indicator code, name and unit, value at the start, aim, last day."""

    code: str
    name: str
    unit: str
    base: Decimal
    target: Decimal
    due_on: date


@dataclass(frozen=True)
class BudgetRow:
    """One item of the budget: its amount in 分, and where the money comes from."""

    item: str
    amount_fen: int
    note: str


@dataclass(frozen=True)
class PartnerOpinion:
    """What the partner unit said when it confirmed, and who said it."""

    name: str
    unit: str
    opinion: str


@dataclass(frozen=True)
class Attachment:
    """An attachment; `size` in bytes."""

    key: str
    name: str
    size: int
    sha256: str

    @property
    def label(self) -> str:
        """What people call a file of this kind."""
        return label_of(self.name)

    @property
    def previewed(self) -> bool:
        """Whether it is shown as pictures."""
        return is_previewed(self.name)


@dataclass(frozen=True)
class Content:
    """What `_content.html` draws. Labels instead of codes; `budget_fen` in 分, None if open.

    `budget` is empty in format 1, where only the sum was asked for. `partner` is None while the
    partner unit's confirmation does not hold.
    """

    call: str
    number: str | None
    unit: str
    joint_unit: str
    side: str
    project_type: str
    scenario_type: str
    leader: Member | None
    people: tuple[Member, ...]
    starts_on: date | None
    ends_on: date | None
    smart_contract: bool
    milestones: tuple[Milestone, ...]
    targets: tuple[Target, ...]
    budget_fen: int | None
    budget: tuple[BudgetRow, ...]
    partner: PartnerOpinion | None
    files: tuple[Attachment, ...]
    title: str
    place: str
    background: str
    mode: str
    innovation: str
    plan: str
    departments: str
    linkage: str
    smart_contract_text: str
    budget_source: str
    risks: str
    demonstration: str
    replicability: str
    unit_opinion: str


def shown(proposal: Proposal) -> dict[str, Any]:
    """The part that reviewers see, as plain values ready for canonical JSON."""
    plain = _own_words(proposal)
    return plain | {"partner": _opinion(proposal, plain)}


def confirmable(proposal: Proposal) -> dict[str, Any]:
    """What a confirmation by the partner unit is bound to: the shown part without the confirmation
    itself, and without the number and the name of the call, which the office gives."""
    return _confirmable(_own_words(proposal))


def confirmation_status(proposal: Proposal) -> str:
    """Where the confirmation by the partner unit stands; see `joint.confirmation_status`."""
    if proposal.joint_unit_id is None:
        return confirmation.ALONE
    return _confirmation_status(proposal, fingerprint(confirmable(proposal)))


def partner_of(proposal: Proposal) -> confirmation.Partner:
    """Who is to confirm."""
    return confirmation.Partner(proposal.joint_unit_id, proposal.partner_id)


def _confirmation_status(proposal: Proposal, digest: str) -> str:
    return confirmation.confirmation_status(partner_of(proposal), proposal.confirmations, digest)


def _confirmable(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {**plain, "number": None, "call": "", "partner": None}


def _opinion(proposal: Proposal, plain: Mapping[str, Any]) -> dict[str, str] | None:
    if proposal.joint_unit_id is None:
        return None
    if _confirmation_status(proposal, fingerprint(_confirmable(plain))) != confirmation.HOLDS:
        return None
    given = confirmation.answered(partner_of(proposal), proposal.confirmations)
    assert given is not None
    return {"name": given.person.name, "unit": given.unit.name, "opinion": given.opinion}


def _own_words(proposal: Proposal) -> dict[str, Any]:
    plain = {name: getattr(proposal, name) for name in TEXTS}
    plain |= {
        "format": FORMAT,
        "call": proposal.call.title,
        "number": proposal.number,
        "unit": proposal.unit.name,
        "joint_unit": proposal.joint_unit.name if proposal.joint_unit else "",
        "side": proposal.side,
        "project_type": proposal.project_type,
        "scenario_type": proposal.scenario_type,
        "leader": _member(proposal.leader, proposal.leader_duty) if proposal.leader else None,
        "people": [_member(row.person, row.duty) for row in proposal.people],
        "starts_on": proposal.starts_on,
        "ends_on": proposal.ends_on,
        "smart_contract": proposal.smart_contract,
        "milestones": [{"name": m.name, "due_on": m.due_on} for m in proposal.milestones],
        "targets": [_target(row) for row in proposal.targets],
        "budget_fen": proposal.budget_fen,
        "budget": [
            {"item": row.item, "amount_fen": row.amount_fen, "note": row.note}
            for row in proposal.budget
        ],
        "files": [_file(row) for row in active_files(proposal)],
    }
    return plain


def private(proposal: Proposal) -> dict[str, Any]:
    """The part that reviewers never see: who filled in the form, phone, reviewers to avoid."""
    return {
        "owner": proposal.owner.name,
        "leader_phone": proposal.leader_phone,
        "avoided": [{"name": row.person.name, "reason": row.reason} for row in proposal.avoided],
    }


def gather(proposal: Proposal) -> Proposal:
    """Read all that the content needs with one select per table, however many rows there are.

    What a request's loader has read already is not read again.
    """
    if _has_names(proposal):
        return proposal
    found = select(Proposal).where(Proposal.id == proposal.id).options(*names())
    return db.session.scalars(found).one()


@cache  # made on first use: the options ask for every table, which an import must not
def names() -> tuple[ExecutableOption, ...]:
    """Loader options for everybody and every unit that a proposal names, in two selects."""
    return (
        selectinload(Proposal.people).joinedload(ProposalPerson.person).joinedload(Person.unit),
        joinedload(Proposal.leader).joinedload(Person.unit),
        joinedload(Proposal.owner),
        joinedload(Proposal.unit),
        joinedload(Proposal.joint_unit),
        joinedload(Proposal.partner),
        joinedload(Proposal.call),
    )


def _has_names(proposal: Proposal) -> bool:
    missing = inspect(proposal).unloaded
    if not missing.isdisjoint({"people", "leader", "owner", "unit", "joint_unit", "call"}):
        return False
    people = [row.person for row in proposal.people if "person" not in inspect(row).unloaded]
    people += [proposal.leader] if proposal.leader else []
    whole = len(people) == len(proposal.people) + (proposal.leader is not None)
    return whole and all("unit" not in inspect(person).unloaded for person in people)


def live(proposal: Proposal) -> Content:
    """The read model of a proposal as it stands now."""
    gather(proposal)
    return read(json.loads(canonical_json(shown(proposal))))


def for_reviewers(content: Content) -> Content:
    """The content as it stands on reviewers' pages: official numbers run on over proposals that
    a reviewer must not know of."""
    return replace(content, number=None)


def _member(person: Person, duty: str) -> dict[str, str]:
    return {"name": person.name, "unit": person.unit_name, "duty": duty}


def _target(row: ProposalTarget) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "base": row.base,
        "target": row.target,
        "due_on": row.due_on,
    }


def _file(row: ProposalFile) -> dict[str, Any]:
    file = row.file
    return {"key": file.key, "name": file.name, "size": file.size, "sha256": file.sha256}


def read(plain: Mapping[str, Any]) -> Content:
    """The read model of a shown part that went through canonical JSON.

    Raises KeyError or ValueError for anything else.
    """
    if plain["format"] not in FORMATS:
        raise ValueError(f"unknown format {plain['format']}")
    return Content(
        call=plain["call"],
        number=plain["number"],
        unit=plain["unit"],
        joint_unit=plain["joint_unit"],
        side=SIDE_LABELS.get(plain["side"] or "", ""),
        project_type=PROJECT_TYPES.get(plain["project_type"] or "", ""),
        scenario_type=SCENARIO_TYPES.get(plain["scenario_type"] or "", ""),
        leader=Member(**plain["leader"]) if plain["leader"] else None,
        people=tuple(Member(**row) for row in plain["people"]),
        starts_on=_day(plain["starts_on"]),
        ends_on=_day(plain["ends_on"]),
        smart_contract=plain["smart_contract"],
        milestones=tuple(
            Milestone(row["name"], date.fromisoformat(row["due_on"])) for row in plain["milestones"]
        ),
        targets=tuple(_read_target(row) for row in plain["targets"]),
        budget_fen=plain["budget_fen"],
        budget=tuple(BudgetRow(**row) for row in plain.get("budget", ())),
        partner=PartnerOpinion(**plain["partner"]) if plain.get("partner") else None,
        files=tuple(Attachment(**row) for row in plain["files"]),
        **{name: plain[name] for name in TEXTS},
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _read_target(row: Mapping[str, Any]) -> Target:
    known = INDICATORS[row["indicator"]]
    return Target(
        known.code,
        known.name,
        known.unit,
        Decimal(row["base"]),
        Decimal(row["target"]),
        date.fromisoformat(row["due_on"]),
    )
