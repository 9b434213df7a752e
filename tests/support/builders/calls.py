"""Calls in any state, made by the real services as the office would."""

from __future__ import annotations

from datetime import datetime, timedelta

from lab import clock
from lab.calls.criteria import service as criteria_service
from lab.calls.models.call import Call
from lab.calls.pages import service as calls_service
from lab.calls.pages.service import Particulars
from lab.calls.rules.rubric import default_criteria
from lab.extensions import db
from tests.support.cast import Cast

NOON = clock.from_beijing(datetime(2022, 6, 1, 12))
CLOSES = clock.from_beijing(datetime(2022, 6, 30, 17))  # a Thursday
# What the form of a new call asks for besides year, batch and title.
FORM = {"places": "12", "minimum_sheets": "3", "applicant_side": "any", "joint_rule": "normal"}


def draft_call(cast: Cast, **changes: object) -> Call:
    """A draft that can be published: opens in an hour, closes in 30 days, preset criteria."""
    now = clock.now()
    wanted: dict[str, object] = {
        "year": 2022,
        "batch": 1,
        "title": "2022年第一批创新项目征集",
        "notice_text": "请各单位于截止时间前提交申报书。",
        "opens_at": now + timedelta(hours=1),
        "closes_at": now + timedelta(days=30),
        **changes,
    }
    call = calls_service.create(Particulars(**wanted))  # type: ignore[arg-type]
    db.session.commit()
    criteria_service.apply_preset(call, call.version, default_criteria())
    db.session.commit()
    return call


def published_call(cast: Cast, **changes: object) -> Call:
    """A published call that opens in an hour."""
    call = draft_call(cast, **changes)
    calls_service.publish(call)
    db.session.commit()
    return call


def open_call(cast: Cast, **changes: object) -> Call:
    """A call that takes submissions now and for 30 days."""
    call = published_call(cast, **changes)
    calls_service.open_now(call)
    db.session.commit()
    return call


def closed_call(cast: Cast, **changes: object) -> Call:
    """A call whose submissions have just ended."""
    return close(open_call(cast, **changes))


def close(call: Call) -> Call:
    """End an open call now; its opening is put a minute back so that time has passed."""
    call.opens_at = clock.now() - timedelta(minutes=1)
    calls_service.close_now(call)
    db.session.commit()
    return call


def call_until_five(cast: Cast, **changes: object) -> Call:
    """A call that opens on 1 June 2022 at NOON and takes submissions until CLOSES."""
    with clock.freeze(NOON):
        opens = {"opens_at": NOON + timedelta(minutes=1), "closes_at": CLOSES}
        return open_call(cast, **{**opens, **changes})
