"""The content of a proposal as reviewers see it, and the part that they never see.

`reviewer_content` and `private_content` make plain values of a stored proposal; `reader`
reads the shown part. Whoever wrote the form, the telephone number and the reviewers to avoid stand
in the private part only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from lab.canonical import canonical_json, fingerprint
from lab.extensions import db
from lab.identity.models.account import Person
from lab.proposals.core.content.reader import FORMAT, Content, PartnerOpinion, read
from lab.proposals.core.files import active_files
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalPerson, ProposalTarget
from lab.proposals.rules.form.description import Field
from lab.proposals.rules.form.schema import PRIVATE_TEXTS, SHOWN_TEXTS
from lab.proposals.rules.joint import confirmation
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus


def reviewer_content(proposal: Proposal) -> dict[str, Any]:
    """Return the reviewers' part as plain values ready for canonical JSON."""
    values = _own_content(proposal)
    return values | {"partner": _opinion(proposal, values)}


def confirmable_content(proposal: Proposal) -> dict[str, Any]:
    """Return what the partner unit's confirmation covers.

    The reviewers' part without the confirmation itself, and without number and call title, which
    the office sets.
    """
    return _confirmable(_own_content(proposal))


def confirmation_status(proposal: Proposal) -> str:
    """Return the status of the partner unit's confirmation.

    See `rules.joint.confirmation.confirmation_status`.
    """
    if proposal.joint_unit_id is None:
        return confirmation.ALONE
    return _confirmation_status(proposal, fingerprint(confirmable_content(proposal)))


def partner_of(proposal: Proposal) -> confirmation.PartnerRef:
    """Return who is to confirm."""
    return confirmation.PartnerRef(proposal.joint_unit_id, proposal.partner_id)


def _confirmation_status(proposal: Proposal, digest: str) -> str:
    return confirmation.confirmation_status(partner_of(proposal), proposal.confirmations, digest)


def _confirmable(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {**plain, "number": None, "call": "", "partner": None}


def _opinion(proposal: Proposal, plain: Mapping[str, Any]) -> dict[str, str] | None:
    if proposal.joint_unit_id is None:
        return None
    if _confirmation_status(proposal, fingerprint(_confirmable(plain))) != confirmation.CONFIRMED:
        return None
    answered_request = confirmation.latest_answer(partner_of(proposal), proposal.confirmations)
    assert answered_request is not None and answered_request.person is not None
    return {
        "name": answered_request.person.name,
        "unit": answered_request.unit.name,
        "opinion": answered_request.opinion,
    }


def with_late_opinion(shown: Content, plain: Mapping[str, Any], proposal: Proposal) -> Content:
    """Add the opinion with which the partner unit confirmed exactly this text after it was frozen.

    So it is with what came by mail. `shown` is what `plain`, a version's values, was read into.
    """
    if shown.partner is not None or proposal.joint_unit_id is None:
        return shown
    answer = confirmation.latest_answer(partner_of(proposal), proposal.confirmations)
    if answer is None or answer.status != ConfirmationStatus.CONFIRMED or answer.person is None:
        return shown
    if answer.fingerprint != fingerprint(_confirmable(plain)):
        return shown
    opinion = PartnerOpinion(answer.person.name, answer.unit.name, answer.opinion)
    return replace(shown, partner=opinion)


def _own_content(proposal: Proposal) -> dict[str, Any]:
    return {
        **_texts(proposal, SHOWN_TEXTS),
        "format": FORMAT,
        "call": proposal.call.title,
        "number": proposal.number,
        "unit": proposal.unit.name,
        "joint_unit": proposal.joint_unit.name if proposal.joint_unit else "",
        "side": proposal.side,
        "project_type": proposal.project_type,
        "scenario_type": proposal.scenario_type,
        "leader": _member(proposal.leader, proposal.leader_duty) if proposal.leader else None,
        "people": [
            {"name": row.shown_name, "unit": row.shown_unit, "duty": row.duty}
            for row in proposal.people
        ],
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


def _texts(proposal: Proposal, fields: Iterable[Field]) -> dict[str, str]:
    """Key -> what was typed; see `Field.frozen_blank` for what leaves no key."""
    typed = ((field, getattr(proposal, field.key)) for field in fields)
    return {field.key: text for field, text in typed if text or field.frozen_blank}


def private_content(proposal: Proposal) -> dict[str, Any]:
    """Return the part that reviewers never see: who filled it in, phone, reviewers to avoid."""
    return {
        "owner": proposal.owner.name,
        **_texts(proposal, PRIVATE_TEXTS),
        "avoided": [
            {"name": row.name, "unit": row.unit, "reason": row.reason} for row in proposal.avoided
        ],
    }


def load_content(proposal: Proposal) -> Proposal:
    """Load everything the content needs with one select per table, however many rows there are.

    What a request's loader has loaded already is not read again.
    """
    if _has_names(proposal):
        return proposal
    query = select(Proposal).where(Proposal.id == proposal.id).options(*name_options())
    return db.session.scalars(query).one()


@cache  # made on first use: the options ask for every table, which an import must not
def name_options() -> tuple[ExecutableOption, ...]:
    """Return loader options for all people and units that a proposal names, in two selects."""
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
    members = [row for row in proposal.people if row.person_id is not None]
    if any("person" in inspect(row).unloaded for row in members):
        return False
    people = [proposal.leader, *(row.person for row in members)]
    return all("unit" not in inspect(person).unloaded for person in people if person)


def current_content(proposal: Proposal) -> Content:
    """Return the read model of the current content."""
    load_content(proposal)
    return read(canonical_json(reviewer_content(proposal)).parsed())


def for_reviewers(content: Content) -> Content:
    """Return the content as reviewers' pages show it, without the number.

    Numbers run over proposals that a reviewer must not know of.
    """
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
