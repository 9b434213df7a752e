"""Rules on corrections and approvals, locks of months, lateness, words: on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.feature import Todo
from lab.home.queries import todos
from lab.indicators.approval import service as approval
from lab.indicators.entry import service as entry_service
from lab.indicators.entry import service_narrative
from lab.indicators.entry.queries import grid
from lab.indicators.entry.service import Cell, IncompleteFigures
from lab.indicators.figures.narratives import NarrativeExcerpt, confirmed_narratives, narratives_of
from lab.indicators.figures.target_progress import report_states
from lab.indicators.locking.queries import is_locked, period_states
from lab.indicators.locking.service import lock_period, reopen_period
from lab.indicators.models import PeriodLock, ProgressReport
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as portfolio
from lab.rejected import Rejected
from tests.support.builders.projects import (
    OCTOBER,
    SEPTEMBER,
    approve,
    approved_figures,
    ask_correction,
    at,
    cells,
    confirm,
    entries,
    hand_in,
    picked,
    running_project,
    settle,
)
from tests.support.cast import Cast, actor

AUGUST = date(2022, 8, 31)
WHOLE = {"K01": 80, "K02": 60, "K03": 50, "K04": 9, "K05": 8, "K06": 12, "K07": 20, "K08": 11}
PAID = {"K09": 40, "K10": Decimal("900.50"), "K14": 3, "K15": 7000, "K22": 2, "K23": 50}
LIGHT = {"K01": 100, "K06": 6}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("K01", 55),
        ("K01", 49),
        ("K04", 7),
        ("K07", 11),
        ("K06", 10),
        ("K14", 0),
        ("K23", 1),
        ("K02", 81),
        ("K05", 10),
        ("K08", 13),
        ("K22", 51),
    ],
)
def test_correcting_either_side_of_a_pair_keeps_the_rule(
    ctx: Flask, cast: Cast, code: str, value: int
) -> None:
    project = running_project(cast)
    with at(2022, 10, 10):
        approved_figures(cast, project, SEPTEMBER, WHOLE | PAID)
        with pytest.raises(Rejected, match=r"不能大于|须为0") as refused:
            ask_correction(cast, project, code, SEPTEMBER, value)
    assert refused.value.field == "value"


def test_payments_and_amount_turn_to_zero_only_together(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, WHOLE | PAID)
        count = ask_correction(both_cast, project, "K09", SEPTEMBER, 0)
        with pytest.raises(Rejected, match="须同时为0"):
            settle(both_cast, project, [count])
        db.session.rollback()
        amount = ask_correction(both_cast, project, "K10", SEPTEMBER, 0)
        approval.confirm_entries(project, picked([amount]), both_cast.leader)
        approval.approve_entries(project, picked([count, amount]), both_cast.office)
        db.session.commit()
    assert {e.value for e in (count, amount)} == {0}


def test_approval_leans_on_nothing_that_may_yet_be_sent_back(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, WHOLE)
        hard = ask_correction(both_cast, project, "K02", SEPTEMBER, 40)
        every = ask_correction(both_cast, project, "K01", SEPTEMBER, 52)
        with pytest.raises(Rejected, match="其中硬钱包数60个不能大于"):
            settle(both_cast, project, [every])
        db.session.rollback()
        settle(both_cast, project, [hard])
        approval.approve_entries(project, picked([every]), both_cast.office)
        db.session.commit()
    assert every.status == "approved"


def test_a_correction_keeps_the_months_after_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, SEPTEMBER, LIGHT | {"K06": 12})
        after = {"K01": 150, "K06": 5, "K08": 11}
        approved_figures(both_cast, project, OCTOBER, after)
        with pytest.raises(Rejected, match=r"大于下期150个.*先更正下期"):
            ask_correction(both_cast, project, "K01", SEPTEMBER, 151)
        with pytest.raises(Rejected, match="2022年10月有交易商户数11户"):
            ask_correction(both_cast, project, "K06", SEPTEMBER, 10)
        settle(both_cast, project, [ask_correction(both_cast, project, "K01", OCTOBER, 200)])
        settle(both_cast, project, [ask_correction(both_cast, project, "K01", SEPTEMBER, 151)])


def test_a_withdrawn_count_keeps_the_months_based_on_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, AUGUST, {"K01": 80, "K06": 1})
        approved_figures(both_cast, project, SEPTEMBER, {"K01": 90, "K06": 5})
        approved_figures(both_cast, project, OCTOBER, {"K01": 100, "K06": 0, "K08": 4})
        with pytest.raises(Rejected, match="受理商户数为1户时，2022年10月有交易商户数4户"):
            ask_correction(
                both_cast, project, "K06", SEPTEMBER, None, unavailable_reason="系统故障"
            )


def test_an_unknown_count_of_merchants_is_not_taken_for_none(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, OCTOBER, {"K01": 100, "K06": 5, "K08": 5})
        given = [*cells({"K01": 90}), Cell("K06", None, unavailable_reason="系统故障")]
        entry_service.submit_figures(project, SEPTEMBER, 0, given, frozenset(), both_cast.member)
        db.session.commit()
        assert {e.indicator for e in entries(project, SEPTEMBER, "submitted")} == {"K01", "K06"}


def test_narratives_stay_confirmable_while_paused(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        project = running_project(both_cast)
        with at(2022, 10, 10):
            made = write(both_cast, project, both_cast.member)
            portfolio.pause_project(project, "场地装修")
            db.session.commit()
            with pytest.raises(Rejected, match="退回后无法修改"):
                service_narrative.return_narrative(project, made, made.version, "写明缺几台")
            service_narrative.confirm_narrative(project, made, made.version, both_cast.leader)
            db.session.commit()
            assert made.confirmed_at is not None


def test_a_missed_month_before_a_jump_asks_for_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, OCTOBER, {"K01": 1000, "K06": 6})
        with pytest.raises(IncompleteFigures) as refused:
            hand_in(both_cast, project, SEPTEMBER, {"K01": 1, "K06": 6})
        assert [f.message for f in refused.value.findings] == [
            "开立个人钱包数本期1个，下期1,000个超过其3倍，请核对并说明。"
        ]


@pytest.mark.parametrize(("before", "value"), [(100, 301), (0, 5)])
def test_a_corrected_figure_that_jumps_needs_a_note(
    both_ctx: Flask, both_cast: Cast, before: int, value: int
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, SEPTEMBER, {"K01": before, "K06": 6})
        approved_figures(both_cast, project, OCTOBER, {"K01": before, "K06": 6})
        with pytest.raises(Rejected, match="核对情况") as refused:
            ask_correction(both_cast, project, "K01", OCTOBER, value)
        assert refused.value.field == "note"
        settle(
            both_cast,
            project,
            [ask_correction(both_cast, project, "K01", OCTOBER, value, note="新园区")],
        )


def test_a_jump_after_zero_asks_even_while_zero_waits(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        hand_in(both_cast, project, SEPTEMBER, {"K01": 0, "K06": 6})
        with pytest.raises(IncompleteFigures) as refused:
            hand_in(both_cast, project, OCTOBER, {"K01": 5, "K06": 6})
        assert [f.code for f in refused.value.findings] == ["jump"]
        db.session.rollback()
        hand_in(both_cast, project, OCTOBER, {"K01": 5, "K06": 6}, ticked=["K01"])


def test_a_forecast_gives_way_to_the_real_figure(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        typed = [*cells(LIGHT | {"K14": 1}), Cell("K15", Decimal(900), forecast=True)]
        entry_service.submit_figures(project, SEPTEMBER, 0, typed, frozenset(), both_cast.member)
        db.session.commit()
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
        with pytest.raises(Rejected, match="与原值相同"):
            ask_correction(both_cast, project, "K15", SEPTEMBER, 900, forecast=True)
        with pytest.raises(Rejected, match="只填实际数"):
            ask_correction(both_cast, project, "K14", SEPTEMBER, 2, forecast=True)
        real = ask_correction(both_cast, project, "K15", SEPTEMBER, 900, forecast=False)
        settle(both_cast, project, [real])
    assert (real.forecast, real.value, real.status) == (False, 900, "approved")


# -- locks -------------------------------------------------------------------------------------


def test_a_period_accepts_late_figures_until_locked(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, LIGHT)
        hand_in(both_cast, project, SEPTEMBER, {"K21": 3})
        with pytest.raises(Rejected, match="还有1项"):
            lock_period(project, SEPTEMBER, both_cast.office)
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
        lock_period(project, SEPTEMBER, both_cast.office)
        db.session.commit()
        with pytest.raises(Rejected, match="已锁定"):
            hand_in(both_cast, project, SEPTEMBER, {"K04": 3})
        db.session.rollback()
        settle(both_cast, project, [ask_correction(both_cast, project, "K21", SEPTEMBER, 4)])
        with pytest.raises(Rejected, match="理由"):
            reopen_period(project, SEPTEMBER, " ", both_cast.office)
        reopen_period(project, SEPTEMBER, "漏报对公钱包", both_cast.office)
        db.session.commit()
        hand_in(both_cast, project, SEPTEMBER, {"K04": 3})
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
        lock_period(project, SEPTEMBER, both_cast.office)
        db.session.commit()
    assert is_locked(project.id, SEPTEMBER)
    kept = db.session.scalars(select(PeriodLock).order_by(PeriodLock.id)).all()
    assert [row.reopen_reason for row in kept] == ["漏报对公钱包", ""]
    assert [(p.code, p.approved_count, p.locked) for p in period_states(project.id)] == [
        ("2022-09", 4, True)
    ]


# -- lateness and to-dos -----------------------------------------------------------------------


def mine(person_id: int) -> list[Todo]:
    return [todo for todo in todos(actor(person_id)) if "月" in todo.task or "退回" in todo.task]


def test_a_month_handed_in_on_time_is_never_overdue(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        project = running_project(both_cast)
        for end, day in ((date(2022, 7, 31), 5), (AUGUST, 7)):
            with at(2022, end.month + 1, day):
                hand_in(both_cast, project, end, LIGHT)
        with at(2022, 10, 9):  # two days after the first week of October: the due day is the 11th
            hand_in(both_cast, project, SEPTEMBER, LIGHT)
            found = entries(project, SEPTEMBER)
        with at(2022, 10, 25):
            approval.return_entries(project, picked(found), "口径不对", both_cast.leader)
            db.session.commit()
        with at(2022, 10, 28):
            shown = grid(project, SEPTEMBER)
            assert (shown.late_days, shown.submitted_on) == (0, date(2022, 10, 9))
            state = report_states([project.id], clock.today())[project.id]
            assert (state.days_late, state.missed) == (0, 0)
            assert [todo.task for todo in mine(both_cast.member)] == [
                "修改退回的2项指标（2022年9月）"
            ]
        with at(2022, 10, 29):
            hand_in(both_cast, project, SEPTEMBER, LIGHT)
            assert grid(project, SEPTEMBER).late_days == 0
            early = report_states([project.id], date(2022, 10, 8))[project.id]
            assert (early.days_late, early.missed) == (0, 0)  # not due, nothing late yet


def test_each_open_month_is_asked_for_with_its_day(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        project = running_project(both_cast)
        with at(2022, 10, 9):
            hand_in(both_cast, project, AUGUST, LIGHT)
            asked = [(t.task, t.due, t.late) for t in mine(both_cast.member)]
        assert asked == [
            ("填报2022年7月数据", date(2022, 8, 5), True),
            ("填报2022年9月数据", date(2022, 10, 12), False),
        ]
        with at(2022, 10, 9):
            [waits] = [t for t in mine(both_cast.leader) if t.task.startswith("确认")]
            assert waits.task == "确认2022年8月2项指标" and "2022年10月9日提交" in waits.about
            confirm(both_cast, project, AUGUST)
            [waits] = mine(both_cast.office)
            assert waits.task == "核定2022年8月2项指标" and waits.due is None


def test_the_due_day_itself_is_not_late(both_app: Flask, both_cast: Cast) -> None:
    with both_app.test_request_context("/", method="POST"):
        project = running_project(both_cast)
        with at(2022, 8, 5):
            assert report_states([project.id], clock.today())[project.id].missed == 0
            assert grid(project, date(2022, 7, 31)).late_days == 0
            assert [t.late for t in mine(both_cast.member)] == [False]
        with at(2022, 8, 6):
            state = report_states([project.id], clock.today())[project.id]
            assert (state.days_late, state.missed) == (1, 1)


# -- the narrative -----------------------------------------------------------------------------

WORDS = {"done": "走访商户。", "problems": "终端不足。", "asks": "请协调终端。", "next_plan": ""}


def write(cast: Cast, project: Project, person_id: int, version: int = 0) -> ProgressReport:
    made = service_narrative.save_narrative(
        project, SEPTEMBER, version, WORDS, person_id, submit=True
    )
    db.session.commit()
    return made


def test_words_reach_leaders_once_the_team_leader_confirms(
    both_app: Flask, both_cast: Cast
) -> None:
    with both_app.test_request_context("/", method="POST"):
        project = running_project(both_cast)
        with at(2022, 10, 10):
            made = write(both_cast, project, both_cast.member)
            assert confirmed_narratives([project.id], SEPTEMBER) == {}
            assert narratives_of(project.id, confirmed_only=True) == ()
            tasks = [t.task for t in mine(both_cast.leader)]
            assert "确认2022年9月月报" in tasks
            with pytest.raises(Rejected, match="退回理由"):
                service_narrative.return_narrative(project, made, made.version, " ")
            service_narrative.return_narrative(project, made, made.version, "写明缺几台")
            db.session.commit()
            assert made.submitted_at is None and made.first_submitted_at is not None
            again = write(both_cast, project, both_cast.member, made.version)
            service_narrative.confirm_narrative(project, again, again.version, both_cast.leader)
            db.session.commit()
            assert confirmed_narratives([project.id], SEPTEMBER) == {
                project.id: NarrativeExcerpt(SEPTEMBER, "终端不足。", "请协调终端。")
            }
            assert confirmed_narratives([project.id], AUGUST) == {}
            with pytest.raises(Rejected, match="不在待确认"):
                service_narrative.return_narrative(project, again, again.version, "再改")


def test_a_leader_who_hands_in_confirms_by_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        made = write(both_cast, project, both_cast.leader)
    assert made.confirmed_by_id == both_cast.leader
