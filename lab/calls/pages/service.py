"""Writes of a call itself: particulars and the actions of its lifecycle.

Files are written by `notice.service`, criteria by `criteria.service`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import select

from lab import audit, clock
from lab.calls.core.editing import require_state
from lab.calls.models.call import Call, Criterion
from lab.calls.notice import service as notice_service
from lab.calls.rules import round_rules
from lab.calls.rules.eligibility import ANY_SIDE, NORMAL
from lab.calls.rules.freezing import freeze_rules
from lab.calls.rules.lifecycle import BEFORE_CLOSING, CallStatus
from lab.calls.rules.timing import due_action
from lab.db import expect_version, reading, transition
from lab.extensions import db
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import APPLICANT
from lab.rejected import Rejected
from lab.web.links import About


@dataclass(frozen=True)
class Particulars:
    """Settings of a call besides criteria and files. Times are aware.

    `places` 1–999 projects to approve, `minimum_sheets` 1–99 valid score sheets per proposal,
    `trim`: drop the highest and the lowest sheet. The last three fields say who may apply (see
    `rules.eligibility`).
    """

    year: int
    batch: int
    title: str
    notice_text: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    places: int = 12
    minimum_sheets: int = 3
    trim: bool = False
    applicant_side: str = ANY_SIDE
    joint_rule: str = NORMAL
    unit_limit: int | None = None


# -- particulars -------------------------------------------------------------------------------


def create(
    particulars: Particulars, *, is_demo: bool = False, template: Call | None = None
) -> Call:
    """Create a draft, with the criteria of an earlier call or with none.

    Raises Rejected with the field at fault.
    """
    person = g.get("person")
    _reject_unsound(particulars, None)
    call = Call(is_demo=is_demo, created_by_id=person.id if person else None)
    call.begin()
    _fill(call, particulars)
    db.session.add(call)
    db.session.flush()
    detail: dict[str, Any] = {"year": call.year, "batch": call.batch}
    if template is not None:
        call.criteria = [_copy_criterion(criterion) for criterion in template.criteria]
        db.session.flush()
        detail["like"] = template.key
    audit.record("call.create", call, detail=detail)
    return call


def _copy_criterion(criterion: Criterion) -> Criterion:
    """Return a copy of the criterion for another call."""
    names = ("key", "position", "name", "weight", "lo", "hi", "step", "direction", "required")
    values = {name: getattr(criterion, name) for name in (*names, "rubric")}
    return Criterion(**values)


def edit_draft(call: Call, version: int | None, particulars: Particulars) -> None:
    """Change anything of a draft.

    Raises EditConflict when the form is stale, Rejected with the field.
    """
    expect_version(call, version)
    require_state(call, CallStatus.DRAFT)
    _reject_unsound(particulars, call.id)
    _fill(call, particulars)
    audit.record("call.edit", call, detail={"status": call.status})


def _fill(call: Call, particulars: Particulars) -> None:
    for name, value in vars(particulars).items():
        setattr(call, name, value)


def _reject_unsound(particulars: Particulars, own_id: int | None) -> None:
    duplicate = db.session.scalar(
        select(Call.id).where(Call.year == particulars.year, Call.batch == particulars.batch)
    )
    if duplicate is not None and duplicate != own_id:
        raise Rejected(
            f"{particulars.year}年第{particulars.batch}批已经建立，请改用其他批次。", "batch"
        )
    if (
        particulars.opens_at
        and particulars.closes_at
        and particulars.closes_at <= particulars.opens_at
    ):
        raise Rejected("截止时间应晚于开始时间。", "closes_at")


def edit_published(call: Call, version: int | None, *, notice_text: str, summary: str) -> None:
    """Change the notice text of a published call; kept as a revision of which applicants are told.

    `summary` says in a line what changed and why. Raises EditConflict when the form is stale,
    Rejected with the field at fault.
    """
    expect_version(call, version)
    require_state(call, *BEFORE_CLOSING)
    if notice_text == call.notice_text:
        raise Rejected("通知正文没有变化，不需要保存。", "notice_text")
    call.notice_text = notice_text
    number = notice_service.publish_change(call, summary)
    audit.record("call.edit", call, detail={"status": call.status, "revision": number})


# -- actions -----------------------------------------------------------------------------------


def publish(call: Call) -> None:
    """Publish a draft and notify all applicants.

    Raises Rejected with everything that is missing.
    """
    now = clock.now()
    problems = round_rules.publish_problems(call, call.criteria, now)
    if call.status == CallStatus.DRAFT and problems:
        raise Rejected("还不能发布：" + "".join(problems))
    transition(call, "publish", published_at=now)
    notice_service.save_revision(call, notice_service.FIRST_SUMMARY)
    notify(role_holder_ids(APPLICANT), f"征集批次“{call.title}”已发布。", About.of(call))
    audit.record("call.publish", call, detail={"places": call.places})


def open_now(call: Call) -> None:
    """Open ahead of schedule: the opening time becomes now. Raises Rejected past the deadline."""
    now = clock.now()
    if call.closes_at is None or call.closes_at <= now:
        raise Rejected("截止时间已过，请先延期。")
    transition(call, "open", opens_at=min(now, call.opens_at or now))
    audit.record("call.open", call, detail={"by": "office"})


def close_now(call: Call) -> None:
    """Close ahead of schedule: the deadline becomes now."""
    now = clock.now()
    _apply_due_actions(call, now)
    if call.status == CallStatus.OPEN and call.opens_at is not None and call.opens_at >= now:
        raise Rejected("征集刚刚开始，请稍后再截止。")
    transition(call, "close", closes_at=now, closed_at=now)
    audit.record("call.close", call, detail={"by": "office"})


def archive(call: Call) -> None:
    """Archive an announced call; it stays readable."""
    transition(call, "archive", archived_at=clock.now())
    audit.record("call.archive", call)


def freeze_rules_for_review(call: Call) -> str:
    """Freeze the rules and move a closed call to review; returns the fingerprint (64 hex).

    Part of the action that opens review: that action writes the audit line and checks that there
    are accepted proposals. Raises Rejected when the weights do not add up to 100,
    TransitionRejected when the call is not closed.
    """
    now = clock.now()
    _apply_due_actions(call, now)
    if problem := round_rules.weight_problem(call.criteria):
        raise Rejected("还不能开启评审：" + problem)
    text, digest = freeze_rules(call)
    transition(
        call,
        "open_review",
        rules_frozen=text,
        rules_fingerprint=digest,
        review_opened_at=now,
    )
    return digest


# -- the clock ---------------------------------------------------------------------------------


def _apply_timed_action(call: Call, action: str) -> None:
    evidence: dict[str, Any] = {"closed_at": call.closes_at} if action == "close" else {}
    transition(call, action, **evidence)


def _apply_due_actions(call: Call, now: datetime) -> None:
    """Apply due transitions at once, when an action comes before the next minute's run."""
    while action := due_action(call, now):
        _apply_timed_action(call, action)


def run_due_transitions() -> None:
    """Open and close calls on schedule, one transaction and one audit line per change."""
    for call_id in _due_call_ids():
        while _run_due_transition(call_id):
            db.session.commit()
        db.session.remove()


def _due_call_ids() -> list[int]:
    with reading() as session:
        calls = session.scalars(
            select(Call).where(Call.status.in_(BEFORE_CLOSING)).order_by(Call.id)
        )
        return [call.id for call in calls if due_action(call, clock.now())]


def _run_due_transition(call_id: int) -> bool:
    call = db.session.get_one(Call, call_id, with_for_update=True, populate_existing=True)
    action = due_action(call, clock.now())
    if action is None:
        return False
    _apply_timed_action(call, action)
    audit.record({"open": "call.open", "close": "call.close"}[action], call, detail={"by": "clock"})
    return True
