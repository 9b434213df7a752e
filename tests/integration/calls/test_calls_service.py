"""Calls: what the services do, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.calls.criteria import service as criteria_service
from lab.calls.deadlines import service as deadlines_service
from lab.calls.models.call import Call
from lab.calls.notice import service as notice_service
from lab.calls.pages import service as calls_service
from lab.calls.pages.service import Particulars
from lab.calls.rules.freezing import freeze_rules, read_rules
from lab.calls.rules.round_rules import CriterionDraft
from lab.calls.rules.rubric import default_criteria
from lab.calls.rules.timing import accepts_submissions, effective_state
from lab.db import EditConflict
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.calls import close, closed_call, draft_call, open_call, published_call
from tests.support.cast import Cast
from tests.support.records import audit_lines

NOON = datetime(2022, 7, 1, 4, 0, tzinfo=UTC)


def row(key: str = "", **changes: object) -> CriterionDraft:
    values: dict[str, object] = {
        "name": "创新性",
        "weight": 100,
        "lo": Decimal(0),
        "hi": Decimal(10),
        "step": Decimal("0.5"),
        "direction": "benefit",
        "required": True,
        "levels": ("甲", "乙", "丙", "丁", "戊"),
        **changes,
    }
    return CriterionDraft(key=key, **values)  # type: ignore[arg-type]


def test_a_call_reaches_review_with_one_audit_line_each(both_ctx: Flask, both_cast: Cast) -> None:
    call = closed_call(both_cast)
    digest = calls_service.freeze_rules_for_review(call)
    assert call.status == "reviewing"
    assert call.rules_fingerprint == digest
    assert freeze_rules(call) == (call.rules_frozen, digest)
    for action in ("call.create", "call.criteria", "call.publish", "call.open", "call.close"):
        assert len(audit_lines(action)) == 1, action


def test_publication_notifies_every_applicant_once(both_ctx: Flask, both_cast: Cast) -> None:
    published_call(both_cast)
    told = sorted(db.session.scalars(select(Notice.person_id)))
    post = (both_cast.applicant, both_cast.leader)
    bank = (both_cast.member, both_cast.partner, both_cast.stranger)
    assert told == sorted((*post, *bank))


def test_a_draft_is_not_published_before_it_is_complete(both_ctx: Flask, both_cast: Cast) -> None:
    call = calls_service.create(Particulars(year=2022, batch=1, title="第一批"))
    with pytest.raises(Rejected) as refusal:
        calls_service.publish(call)
    for missing in ("通知正文", "开始时间", "截止时间", "评审指标"):
        assert missing in refusal.value.message
    assert call.status == "draft"


def test_weights_must_add_up_to_100_before_publication(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast)
    criteria_service.set_criteria(call, call.version, [row(weight=90)])
    with pytest.raises(Rejected, match="现合计90"):
        calls_service.publish(call)


def test_review_does_not_open_on_weights_that_do_not_add_up(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = closed_call(both_cast)
    call.criteria[0].weight = 10
    with pytest.raises(Rejected, match="现合计80"):
        calls_service.freeze_rules_for_review(call)
    assert call.status == "closed" and call.rules_frozen is None


def test_nothing_of_the_rules_changes_after_review_opened(both_ctx: Flask, both_cast: Cast) -> None:
    call = closed_call(both_cast)
    calls_service.freeze_rules_for_review(call)
    audit.record("round.open", call)
    db.session.commit()
    frozen = call.rules_frozen
    same = Particulars(year=2022, batch=1, title="改名")
    for change in (
        lambda: calls_service.edit_draft(call, call.version, same),
        lambda: calls_service.edit_published(call, call.version, notice_text="改", summary="改"),
        lambda: deadlines_service.extend(
            call, call.version, closes_at=clock.now() + timedelta(days=60), reason="延期"
        ),
        lambda: criteria_service.set_criteria(call, call.version, [row()]),
        lambda: criteria_service.apply_preset(call, call.version, default_criteria("equal")),
        lambda: notice_service.add_files(call, []),
    ):
        with pytest.raises(Rejected, match="评审中"):
            change()
    assert (freeze_rules(call)[0], call.rules_frozen) == (frozen, frozen)


def test_the_frozen_text_gives_back_the_rules(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast, places=7, minimum_sheets=5, trim=True)
    criteria_service.set_criteria(
        call, call.version, [row(), row(name="备注", weight=0, direction="info")]
    )
    rules = read_rules(freeze_rules(call)[0])
    assert (rules.places, rules.minimum_sheets, rules.trim) == (7, 5, True)
    first = rules.criteria[0]
    assert (first.key, first.weight, first.hi, first.step) == ("c1", 100, 10, Decimal("0.5"))
    assert first.rubric[0] == {"label": "优", "lo": "9", "hi": "10", "text": "甲"}
    assert rules.criteria[1].direction == "info"


def test_criteria_keep_their_keys_when_rows_change(both_ctx: Flask, both_cast: Cast) -> None:
    call = draft_call(both_cast)
    kept = row("demonstration", name="示范性", weight=60)
    criteria_service.set_criteria(call, call.version, [kept, row(weight=40)])
    db.session.commit()
    db.session.expire_all()
    assert [(c.key, c.name, c.weight) for c in call.criteria] == [
        ("demonstration", "示范性", 60),
        ("c1", "创新性", 40),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lo": Decimal(10)}, "hi_1"),
        ({"step": Decimal(3)}, "step_1"),
        ({"step": Decimal(0)}, "step_1"),
        ({"direction": "info"}, "weight_1"),
        ({"name": "甲"}, "name_1"),
    ],
)
def test_an_unsound_criterion_is_named(
    ctx: Flask, cast: Cast, changes: dict[str, object], field: str
) -> None:
    call = draft_call(cast)
    with pytest.raises(Rejected) as refusal:
        criteria_service.set_criteria(call, call.version, [row(name="甲"), row(**changes)])
    assert refusal.value.field == field


def test_a_stale_editor_of_criteria_loses_nothing_of_the_other(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = draft_call(both_cast)
    opened = call.version
    criteria_service.set_criteria(call, opened, [row()])
    db.session.commit()
    with pytest.raises(EditConflict):
        criteria_service.set_criteria(call, opened, [row(name="另一项")])


def test_submissions_are_taken_to_the_second(both_ctx: Flask, both_cast: Cast) -> None:
    second = timedelta(seconds=1)
    opens, closes = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    with clock.freeze(NOON):
        call = published_call(both_cast, opens_at=opens, closes_at=closes)
    moments = {opens - second: False, opens: True, closes - second: True, closes: False}
    assert {at: accepts_submissions(call, at) for at in moments} == moments
    states = [effective_state(call, at) for at in moments]
    assert states == ["published", "open", "open", "closed"]


def test_calls_open_and_close_on_time_as_the_system(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        key = published_call(both_cast, closes_at=NOON + timedelta(hours=2)).key
    seen = []
    for minutes in (59, 60, 61, 119, 120, 121):
        with clock.freeze(NOON + timedelta(minutes=minutes)):
            calls_service.run_due_transitions()
            seen.append(db.session.scalar(select(Call.status).where(Call.key == key)))
            db.session.rollback()
    assert seen == ["published", "open", "open", "open", "closed", "closed"]
    for action in ("call.open", "call.close"):
        (line,) = audit_lines(action)
        assert (line.actor_name, json.loads(line.detail)) == ("系统", {"by": "clock"})


def test_calls_that_are_due_at_once_go_in_their_order(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        closes = NOON + timedelta(hours=2)
        keys = [published_call(both_cast, batch=n, closes_at=closes).key for n in (1, 2, 3)]
    with clock.freeze(NOON + timedelta(minutes=61)):
        calls_service.run_due_transitions()
    assert [line.object_key for line in audit_lines("call.open")] == keys


def test_an_overdue_call_is_opened_and_closed_at_once(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(NOON):
        call = published_call(both_cast, closes_at=NOON + timedelta(hours=2))
        closes = call.closes_at
    with clock.freeze(NOON + timedelta(days=1)):
        calls_service.run_due_transitions()
    stored = db.session.scalars(select(Call)).one()
    assert (stored.status, stored.closed_at) == ("closed", closes)
    assert len(audit_lines("call.open")) == len(audit_lines("call.close")) == 1


def test_closing_early_ends_submissions_now(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    close(call)
    assert call.status == "closed"
    assert call.closes_at == call.closed_at
    assert not accepts_submissions(call, clock.now())


def test_a_call_is_not_archived_before_results_are_out(both_ctx: Flask, both_cast: Cast) -> None:
    with pytest.raises(TransitionRejected, match="不能归档"):
        calls_service.archive(closed_call(both_cast))


def test_two_calls_cannot_be_the_same_batch(both_ctx: Flask, both_cast: Cast) -> None:
    draft_call(both_cast)
    with pytest.raises(Rejected) as refusal:
        calls_service.create(Particulars(year=2022, batch=1, title="又一个第一批"))
    assert refusal.value.field == "batch"
