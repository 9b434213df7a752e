"""Actions on a joint application: ask the partner unit, confirm, send back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lab import audit, clock
from lab.canonical import canonical_json, fingerprint, short
from lab.db import expect_version, transition
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.core.content import content
from lab.proposals.core.editing import lock
from lab.proposals.core.notifications import involved_ids, notify_applicants, unit_staff
from lab.proposals.core.readiness import missing_content
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.joint import confirmation
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.proposals.rules.lifecycle import WRITING, ProposalStatus
from lab.rejected import Rejected
from lab.web.links import About

LEFT = "联合单位确认人已不在该单位，或账号已停用"
_LEFT_CURES = {  # by whether the proposal is being written
    True: "请撤回提请，重新选择确认人后再次提请。",
    False: "请由实施办公室在“离岗交接”中交给该单位其他人员确认。",
}
NOT_ASKABLE_MESSAGES = {
    confirmation.ALONE: "没有联合申报单位，不需要确认。",
    confirmation.ASKED: "已经提请过，请等待联合单位答复。",
    confirmation.CONFIRMED: "联合单位的确认仍然有效，不必再次提请。",
}


def request_confirmation(proposal: Proposal, person_id: int) -> JointConfirmation:
    """Ask the partner unit to confirm (提请联合单位确认), and notify whoever is asked.

    That is the person selected in it; for a proposal that was submitted by mail and names nobody,
    each of its people. Raises Rejected while a draft lacks something, when the answer is still
    awaited or the confirmation holds, or when that person has left the unit; TransitionRejected
    once the partner unit has no more to say.
    """
    _lock_open(proposal)
    if message := NOT_ASKABLE_MESSAGES.get(content.confirmation_status(proposal)):
        raise Rejected(message)
    if proposal.status in WRITING and (missing := missing_content(proposal)):
        raise Rejected(f"还有{len(missing)}处需要补充，补充后才能提请联合单位确认。")
    _require_partner(proposal)
    drop_open_request(proposal, clock.now())
    request = new_request(proposal, person_id)
    request.content = canonical_json(content.confirmable_content(proposal))
    proposal.confirmations.append(request)
    db.session.flush()
    notify(_asked_ids(request, proposal), _request_text(proposal), About.of(proposal, "joint"))
    audit.record("proposal.ask", proposal)
    return request


def new_request(proposal: Proposal, person_id: int) -> JointConfirmation:
    """Return a request to the proposal's partner unit, not yet stored; `person_id` asks."""
    request = JointConfirmation(
        unit_id=proposal.joint_unit_id, person_id=proposal.partner_id, asked_by_id=person_id
    )
    request.begin()
    return request


def _request_text(proposal: Proposal) -> str:
    return f"请确认联合申报的申报书{_numbered(proposal)}。"


def _numbered(proposal: Proposal) -> str:
    number = proposal.number if proposal.status not in WRITING else ""
    return f"{number or ''}《{working_title(proposal)}》"


def confirm_joint(
    proposal: Proposal, person_id: int, version: int, opinion: str
) -> JointConfirmation:
    """Confirm exactly this content for the partner unit, with its opinion (确认).

    Raises EditConflict when the text or an attachment changed since `version` was shown, Rejected
    when nobody asks this person (any more) or when the content has become incomplete,
    TransitionRejected once the partner unit has no more to say.
    """
    _lock_open(proposal)
    expect_version(proposal, version)
    request = _open_request(proposal, person_id)
    _answer_for_unit(proposal, request, person_id)
    if proposal.status in WRITING and missing_content(proposal):
        raise Rejected("内容在提请后有缺项，不能确认，请退回修改。")
    transition(request, "confirm", opinion=opinion, **_answer(proposal))
    following = "，可以提交" if proposal.status in WRITING else ""
    text = f"联合单位已确认申报书{_numbered(proposal)}{following}。"
    notify_applicants(proposal, text, "joint")
    audit.record(
        "proposal.confirm", proposal, detail={"fingerprint": short(request.fingerprint or "")}
    )
    return request


def send_back(proposal: Proposal, person_id: int, reason: str) -> JointConfirmation:
    """Send the proposal back for changes that the partner unit wants first (退回修改).

    Owner and leader are told why; of what was submitted by mail the office as well, which alone can
    return it. Raises Rejected when nobody asks this person (any more), TransitionRejected once the
    partner unit has no more to say.
    """
    _lock_open(proposal)
    request = _open_request(proposal, person_id)
    _answer_for_unit(proposal, request, person_id)
    transition(request, "send_back", reason=reason, **_answer(proposal))
    if proposal.status in WRITING:
        what = f"联合单位退回申报书{_numbered(proposal)}，请修改后再次提请确认。理由：{reason}"
    else:
        what = f"联合单位要求修改申报书{_numbered(proposal)}，没有确认。理由：{reason}"
        own = involved_ids(proposal)
        office = [one for one in role_holder_ids(OFFICE) if one not in own]
        notify(office, what, About.of(proposal, "joint"))
    notify_applicants(proposal, what, "joint")
    audit.record("proposal.send_back", proposal)
    return request


def remind_partner(proposal: Proposal) -> JointConfirmation:
    """Remind the partner who has not answered (催办), at most once per request and Beijing day.

    Raises Rejected when nobody's answer is waited for, when the partner was reminded today, or when
    nobody is left who could answer; TransitionRejected once the partner unit has no more to say.
    """
    _lock_open(proposal)
    request = _awaited_request(proposal)
    last = request.reminded_at or request.asked_at
    if clock.beijing(last).date() == clock.today():
        done = "催办" if request.reminded_at else "提请"
        at = f"{clock.beijing(last):%H:%M}"
        raise Rejected(f"今日{at}已经{done}，每天最多催办一次。")
    _require_somebody(request, proposal)
    request.reminded_at = clock.now()
    days = (clock.today() - clock.beijing(request.asked_at).date()).days
    whom = "您" if request.person_id else "贵单位"
    text = f"催办：申报书{_numbered(proposal)}已提请{whom}确认{days}天，请尽快答复。"
    notify(_asked_ids(request, proposal), text, About.of(proposal, "joint"))
    audit.record("proposal.remind_partner", proposal, detail={"days": days})
    return request


def call_back(proposal: Proposal) -> JointConfirmation:
    """Take a request back before the partner unit has answered (撤回提请), and tell them.

    Raises Rejected when nobody's answer is waited for, TransitionRejected once submitted.
    """
    _lock_open(proposal)
    request = _awaited_request(proposal)
    asked = _asked_ids(request, proposal)
    transition(request, "recall", answered_at=clock.now())
    text = f"牵头单位已撤回对申报书《{working_title(proposal)}》的提请，不用再确认。"
    notify(asked, text, About.of(proposal, "joint"))
    audit.record("proposal.call_back", proposal)
    return request


def _awaited_request(proposal: Proposal) -> JointConfirmation:
    for request in proposal.confirmations:
        if request.status == ConfirmationStatus.ASKED:
            return request
    raise Rejected("没有等待答复的提请，可能已经答复或作废，请返回刷新后再看。")


def drop_open_request(proposal: Proposal, now: datetime) -> None:
    """Drop a request that no longer needs an answer; part of another action, no audit line."""
    for request in proposal.confirmations:
        if request.status == ConfirmationStatus.ASKED:
            transition(request, "drop", answered_at=now)
    db.session.flush()


def _lock_open(proposal: Proposal) -> None:
    """Lock a proposal about which the partner unit may be asked.

    That is one being written, and one submitted by mail that it has not confirmed.
    """
    lock(proposal)
    db.session.expire(proposal, ["confirmations"])
    unconfirmed = confirmation.is_unconfirmed(content.partner_of(proposal), proposal.confirmations)
    if not (proposal.status == ProposalStatus.SUBMITTED and unconfirmed):
        proposal.machine.transition_for(proposal.status, "submit")
    content.load_content(proposal)


def _require_partner(proposal: Proposal) -> None:
    """Require that who is asked still works in the partner unit.

    Of what is submitted nobody can choose another person any more: the whole unit is asked.
    """
    if proposal.partner_id is None or not _has_left(proposal.partner_id, proposal):
        return
    if proposal.status in WRITING:
        raise Rejected(f"{LEFT}，请重新选择。")
    proposal.partner_id = None


def _has_left(person_id: int, proposal: Proposal) -> bool:
    person = db.session.get(Person, person_id)
    return person is None or bool(person.disabled_at) or person.unit_id != proposal.joint_unit_id


def _require_somebody(request: JointConfirmation, proposal: Proposal) -> None:
    """Require that somebody will read a reminder."""
    if request.person_id is not None and _has_left(request.person_id, proposal):
        raise Rejected(f"{LEFT}。{_LEFT_CURES[proposal.status in WRITING]}")
    if not _asked_ids(request, proposal):
        raise Rejected("联合单位还没有能确认的人员，没有可以催办的人。请联系实施办公室建立账号。")


def _asked_ids(request: JointConfirmation, proposal: Proposal) -> set[int]:
    if request.person_id is not None:
        return {request.person_id}
    return unit_staff(request.unit_id) - {proposal.owner_id, proposal.leader_id}


def _open_request(proposal: Proposal, person_id: int) -> JointConfirmation:
    for request in confirmation.own_requests(content.partner_of(proposal), proposal.confirmations):
        waits = request.status == ConfirmationStatus.ASKED
        if waits and person_id in _asked_ids(request, proposal):
            return request
    raise Rejected("没有等待您确认的提请，可能已经答复或作废，请返回刷新后再看。")


def _answer_for_unit(proposal: Proposal, request: JointConfirmation, person_id: int) -> None:
    """Let whoever answers a request to the whole unit be the person who confirms for it."""
    if request.person_id is None:
        request.person_id = proposal.partner_id = person_id
        db.session.flush()
        db.session.expire(request, ["person"])
        db.session.expire(proposal, ["partner"])


def _answer(proposal: Proposal) -> dict[str, Any]:
    """Return the evidence of an answer: when, and to which content."""
    plain = content.confirmable_content(proposal)
    return {
        "answered_at": clock.now(),
        "content": canonical_json(plain),
        "fingerprint": fingerprint(plain),
    }
