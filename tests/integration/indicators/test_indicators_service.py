"""Entering, confirming, approving and correcting figures, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lab.audit.models import AuditEvent
from lab.catalogue.provenance import Provenance
from lab.db import EditConflict
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.approval import service_correction, service_public_figures
from lab.indicators.entry import service as entry_service
from lab.indicators.entry import service_narrative
from lab.indicators.entry.service import Cell, IncompleteFigures
from lab.indicators.figures import lab_totals
from lab.indicators.figures import queries as figures_queries
from lab.indicators.models import Entry, EntryEvent
from lab.rejected import Rejected
from tests.support.builders.projects import (
    OCTOBER,
    SEPTEMBER,
    approve,
    approved_figures,
    approved_projects,
    at,
    cells,
    confirm,
    entries,
    hand_in,
    picked,
    running_project,
    start,
)
from tests.support.cast import Cast
from tests.support.status_lights import status_lights

FIGURES = {"K01": 100, "K06": 6}


def approved_values(
    project_ids: list[int], cutoff: date | None = None
) -> dict[tuple[int, str], figures_queries.ApprovedValue]:
    """The latest approved figure per project and indicator."""
    values = figures_queries.all_approved(project_ids, cutoff)
    return {(item.project_id, item.indicator): item for item in values}


def total(code: str, day: date, provenance: Provenance = "real") -> Decimal | None:
    found = {t.indicator.code: t for t in lab_totals.lab_totals(day, provenance=provenance)}
    return found[code].latest.value if code in found else None


def test_a_figure_counts_only_once_it_is_approved(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        entry_service.save_figures(project, SEPTEMBER, 0, cells(FIGURES), both_cast.member)
        db.session.commit()

        def counted() -> tuple[object, object]:
            known = approved_values([project.id]).get((project.id, "K01"))
            return (known.value if known else None, total("K01", SEPTEMBER))

        assert counted() == (None, None)
        hand_in(both_cast, project, SEPTEMBER, FIGURES)
        assert counted() == (None, None)
        confirm(both_cast, project, SEPTEMBER)
        assert counted() == (None, None)
        approve(both_cast, project, SEPTEMBER)
        assert counted() == (Decimal(100), Decimal(100))


def test_figures_move_on_in_the_order_typed(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        typed = dict.fromkeys(("K06", "K03", "K01", "K05", "K02", "K04"), 10)
        hand_in(both_cast, project, SEPTEMBER, typed)
        confirm(both_cast, project, SEPTEMBER)
    for status in ("submitted", "confirmed"):
        events = select(Entry.indicator).join(EntryEvent).where(EntryEvent.status == status)
        assert db.session.scalars(events.order_by(EntryEvent.id)).all() == list(typed)


def test_nobody_approves_figures_of_their_own_team(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        hand_in(both_cast, project, SEPTEMBER, FIGURES)
        confirm(both_cast, project, SEPTEMBER)
        for person_id in (both_cast.member, both_cast.leader):
            with pytest.raises(Rejected, match="须由他人核定"):
                approval.approve_entries(
                    project, picked(entries(project, SEPTEMBER, "confirmed")), person_id
                )
        mine = entries(project, SEPTEMBER)[0]
        mine.entered_by_id = both_cast.office  # somebody who left the team for the office
        db.session.flush()
        with pytest.raises(Rejected, match="须由他人核定"):
            approval.approve_entries(project, picked([mine]), both_cast.office)
        db.session.rollback()


def test_the_database_refuses_self_approval(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        found = approved_figures(both_cast, project, SEPTEMBER, FIGURES)
    found[0].approved_by_id = found[0].entered_by_id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_leader_may_confirm_what_they_entered_themselves(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        entry_service.submit_figures(
            project, SEPTEMBER, 0, cells(FIGURES), frozenset(), both_cast.leader
        )
        db.session.commit()
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
    assert {e.status for e in entries(project, SEPTEMBER)} == {"approved"}


def test_a_cumulative_figure_never_falls_without_a_correction(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
        with pytest.raises(IncompleteFigures) as refused:
            entry_service.submit_figures(
                project, OCTOBER, 0, cells({"K01": 99, "K06": 6}), frozenset(), both_cast.member
            )
        assert [f.code for f in refused.value.findings] == ["falling"]
        assert "更正" in refused.value.findings[0].message
        db.session.commit()
        assert {e.status for e in entries(project, OCTOBER)} == {"draft"}  # the text is kept


def test_a_figure_that_makes_a_later_one_fall_is_not_approved(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        hand_in(both_cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
        confirm(both_cast, project, SEPTEMBER)
        approved_figures(both_cast, project, OCTOBER, {"K01": 90, "K06": 6})
        with pytest.raises(Rejected, match="大于下期"):
            approve(both_cast, project, SEPTEMBER)
        db.session.rollback()
    assert {e.status for e in entries(project, SEPTEMBER)} == {"confirmed"}


def test_a_correction_replaces_the_figure_only_when_approved(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, SEPTEMBER, {"K01": 100, "K06": 6})
        approved_figures(both_cast, project, OCTOBER, {"K01": 150, "K06": 6})
        old = entries(project, OCTOBER)[0]
        fresh = service_correction.submit_correction(
            project,
            old,
            old.version,
            value=Decimal(80),
            reason="重复计入硬钱包",
            person_id=both_cast.member,
        )
        db.session.commit()
        assert (old.status, fresh.status, total("K01", OCTOBER)) == (
            "approved",
            "submitted",
            Decimal(150),
        )
        confirm(both_cast, project, OCTOBER)
        approve(both_cast, project, OCTOBER)
        assert (old.status, fresh.status) == ("superseded", "approved")
        assert total("K01", OCTOBER) == Decimal(80)
        value = approved_values([project.id])[project.id, "K01"]
        assert (value.value, value.corrected) == (Decimal(80), True)


def test_a_correction_needs_a_reason_and_a_change(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)

    def correct(value: int, reason: str) -> Entry:
        old = entries(project, SEPTEMBER)[0]
        return service_correction.submit_correction(
            project,
            old,
            old.version,
            value=Decimal(value),
            reason=reason,
            person_id=both_cast.member,
        )

    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, FIGURES)
        with pytest.raises(Rejected, match="更正原因"):
            correct(90, " ")
        with pytest.raises(Rejected, match="与原值相同"):
            correct(100, "笔误")
        correct(90, "笔误")
        db.session.commit()
        with pytest.raises(Rejected, match="正在办理"):
            correct(80, "再改")
        db.session.rollback()


def test_a_returned_correction_keeps_its_revision(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, FIGURES)
        old = entries(project, SEPTEMBER)[0]
        first = service_correction.submit_correction(
            project, old, old.version, value=Decimal(90), reason="笔误", person_id=both_cast.member
        )
        db.session.commit()
        approval.return_entries(project, picked([first]), "请附说明", both_cast.leader)
        db.session.commit()
        again = service_correction.submit_correction(
            project, old, old.version, value=Decimal(95), reason="复核", person_id=both_cast.member
        )
        db.session.commit()
        assert (again.id, again.revision, again.status) == (first.id, 2, "submitted")


def test_impossible_figures_are_refused_and_odd_ones_explained(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        approved_figures(both_cast, project, SEPTEMBER, FIGURES)
        wrong = cells({"K01": 120, "K02": 130, "K06": 6})
        with pytest.raises(IncompleteFigures) as refused:
            entry_service.submit_figures(
                project, OCTOBER, 0, wrong, frozenset({"K02"}), both_cast.member
            )
        assert [(f.level, f.indicator) for f in refused.value.findings] == [("block", "K02")]
        db.session.rollback()
        odd = [Cell("K01", Decimal(301)), Cell("K06", Decimal(6))]
        for ticked, note in ((frozenset(), ""), (frozenset({"K01"}), ""), (frozenset(), "新园区")):
            tried = [Cell("K01", Decimal(301), note=note), odd[1]]
            with pytest.raises(IncompleteFigures) as refused:
                entry_service.submit_figures(project, OCTOBER, 0, tried, ticked, both_cast.member)
            assert [f.code for f in refused.value.findings] == ["jump"]
            db.session.rollback()
        hand_in(both_cast, project, OCTOBER, {"K01": 301, "K06": 6}, ticked=["K01"])
    assert {e.status for e in entries(project, OCTOBER)} == {"submitted"}


def test_a_blank_is_not_zero_but_a_reason_is_accepted_instead(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        with pytest.raises(IncompleteFigures) as refused:
            entry_service.submit_figures(
                project, SEPTEMBER, 0, cells({"K01": 0}), frozenset(), both_cast.member
            )
        assert [f.indicator for f in refused.value.findings] == ["K06"]
        db.session.rollback()
        typed = [Cell("K01", Decimal(0)), Cell("K06", unavailable_reason="收单系统升级")]
        entry_service.submit_figures(project, SEPTEMBER, 0, typed, frozenset(), both_cast.member)
        db.session.commit()
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
    known = approved_values([project.id], SEPTEMBER)
    assert known[project.id, "K01"].value == 0
    assert (project.id, "K06") not in known


def test_two_people_on_one_grid_do_not_overwrite_each_other(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        entry_service.save_figures(project, SEPTEMBER, 0, cells({"K01": 10}), both_cast.member)
        db.session.commit()
        with pytest.raises(EditConflict):
            entry_service.save_figures(project, SEPTEMBER, 0, cells({"K01": 20}), both_cast.leader)
        db.session.rollback()
    assert entries(project, SEPTEMBER)[0].value == 10


def test_a_figure_changed_meanwhile_is_not_approved(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        hand_in(both_cast, project, SEPTEMBER, FIGURES)
        confirm(both_cast, project, SEPTEMBER)
        shown = picked(entries(project, SEPTEMBER))
        approval.return_entries(project, shown, "口径不对", both_cast.office)
        db.session.commit()
        hand_in(both_cast, project, SEPTEMBER, {"K01": 999, "K06": 6})
        confirm(both_cast, project, SEPTEMBER)
        with pytest.raises(EditConflict):
            approval.approve_entries(project, shown, both_cast.office)
        db.session.rollback()


def test_only_ticked_figures_of_the_project_are_approved(both_ctx: Flask, both_cast: Cast) -> None:
    project, other = approved_projects(both_cast, 2)
    with at(2022, 7, 4):
        for each in (project, other):
            start(both_cast, each)
    with at(2022, 10, 10):
        for each in (project, other):
            hand_in(both_cast, each, SEPTEMBER, FIGURES)
            confirm(both_cast, each, SEPTEMBER)
        ticked, foreign = entries(project, SEPTEMBER)[:1], entries(other, SEPTEMBER)
        with pytest.raises(Rejected, match="所选数据已变化"):
            approval.approve_entries(project, picked([*ticked, *foreign]), both_cast.office)
        db.session.rollback()
        approval.approve_entries(project, picked(ticked), both_cast.office)
        db.session.commit()
        assert [e.status for e in entries(project, SEPTEMBER)] == ["approved", "confirmed"]
        assert [e.status for e in entries(other, SEPTEMBER)] == ["confirmed", "confirmed"]


def test_a_return_needs_a_reason_and_respects_confirmation(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        hand_in(both_cast, project, SEPTEMBER, FIGURES)
        found = entries(project, SEPTEMBER)
        with pytest.raises(Rejected, match="退回理由"):
            approval.return_entries(project, picked(found), " ", both_cast.leader)
        confirm(both_cast, project, SEPTEMBER)
        with pytest.raises(Rejected, match="由实施办公室退回"):
            approval.return_entries(project, picked(found), "再想想", both_cast.leader)
        approval.return_entries(project, picked(found), "口径不对", both_cast.office)
        db.session.commit()
    assert {(e.status, e.return_reason) for e in found} == {("returned", "口径不对")}


def test_only_ended_months_within_the_project_are_open(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        with pytest.raises(Rejected, match="尚未到"):
            entry_service.save_figures(project, OCTOBER, 0, cells({"K01": 3}), both_cast.member)
        with pytest.raises(Rejected, match="早于项目开始日"):
            entry_service.save_figures(
                project, date(2022, 6, 30), 0, cells({"K01": 3}), both_cast.member
            )


def test_totals_keep_demo_data_and_worded_figures_out(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    label = "来源：公开报道"
    with at(2023, 1, 10):
        end = date(2022, 12, 31)
        service_public_figures.enter_public_figure(
            project, "K01", end, source_label=label, value=Decimal(19146)
        )
        service_public_figures.enter_public_figure(
            project,
            "K15",
            end,
            source_label=label,
            value_text="预计每月100余万元",
            forecast=True,
        )
        service_public_figures.enter_public_figure(
            project, "K04", end, source_label="演示", value=Decimal(7), is_demo=True
        )
        db.session.commit()
        assert total("K01", end, "fact") == Decimal(19146)
        assert total("K01", end) is None
        assert total("K15", end, "fact") is None
        assert total("K04", end, "demo") is None
        known = approved_values([project.id])
        assert known[project.id, "K15"].shown == "预计每月100余万元"
        assert known[project.id, "K01"].source_label == label


def test_yearly_flows_and_the_average_payment_are_computed(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 11, 7):
        for end, count, amount in ((SEPTEMBER, 10, "250.50"), (OCTOBER, 20, "500.00")):
            values = {**FIGURES, "K09": count, "K10": Decimal(amount)}
            approved_figures(both_cast, project, end, values)
        found = {t.indicator.code: t for t in lab_totals.lab_totals(OCTOBER, provenance="real")}
    assert found["K09"].latest.value == 20
    assert found["K09"].year is not None and found["K09"].year.value == 30
    assert found["K10"].year is not None and found["K10"].year.value == Decimal("750.50")
    assert found["K11"].latest.value == Decimal("25.00")
    assert found["K11"].year is not None and found["K11"].year.value == Decimal("25.02")
    assert found["K01"].year is None


def test_missed_reports_and_shortfalls_colour_the_days_light(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)

    def sentences(day: date) -> str:
        return "".join(r.message for r in status_lights([project.id], day)[project.id].reasons)

    with at(2022, 10, 20):
        assert "连续3期未报进展" in sentences(date(2022, 10, 20))
        assert "未报进展" not in sentences(date(2022, 8, 2))
        approved_figures(both_cast, project, SEPTEMBER, {"K01": 300, "K06": 20})
        # 1200 × 92 of 184 days = 600 by the end of September
        assert "达到序时计划600个的50%" in sentences(date(2022, 10, 20)).replace(".00", "")
        assert "未报进展" not in sentences(date(2022, 10, 20))
        assert "完成50" not in sentences(date(2022, 9, 29))


def test_a_narrative_is_submitted_once(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    texts = {"done": "完成三个商户上线。", "problems": "", "asks": "", "next_plan": "继续推广。"}
    with at(2022, 10, 10):
        report = service_narrative.save_narrative(project, SEPTEMBER, 0, texts, both_cast.member)
        db.session.commit()
        with pytest.raises(EditConflict):
            service_narrative.save_narrative(project, SEPTEMBER, 0, texts, both_cast.leader)
        service_narrative.save_narrative(
            project, SEPTEMBER, report.version, texts, both_cast.member, submit=True
        )
        db.session.commit()
        with pytest.raises(Rejected, match="已经提交"):
            service_narrative.save_narrative(
                project, SEPTEMBER, report.version, texts, both_cast.member
            )


def test_each_action_on_figures_leaves_one_audit_line(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(both_cast, project, SEPTEMBER, FIGURES)
    acts = db.session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.action.like("indicator.%"))
        .order_by(AuditEvent.seq)
    ).all()
    assert acts == ["indicator.submit", "indicator.confirm", "indicator.approve"]
