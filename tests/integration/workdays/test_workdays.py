"""The office's calendar as stored, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.indicators.rules import months
from lab.rejected import Rejected
from lab.workdays import queries, service
from lab.workdays.models import CalendarDay
from lab.workdays.pages import queries as page_queries
from lab.workdays.rules import DayEntry
from tests.support.cast import Cast

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('calendar ' || :year, 0))"
NOTICE = "关于2027年部分节假日安排的通知"
DAYS = [
    DayEntry(date(2027, 1, 1), False, "元旦"),
    DayEntry(date(2027, 1, 4), False, "元旦"),
    DayEntry(date(2027, 1, 9), True, "元旦调休上班"),
]


IN_2028 = DayEntry(date(2028, 1, 3), False, "元旦")


def acts() -> list[str]:
    chosen = select(AuditEvent.action).where(AuditEvent.action.startswith("workdays."))
    return list(db.session.scalars(chosen.order_by(AuditEvent.seq)))


def test_an_entered_year_moves_the_due_day_and_settles_it(both_ctx: Flask, both_cast: Cast) -> None:
    end = date(2026, 12, 31)
    assert months.report_due_on(end, queries.office_calendar()) == date(2027, 1, 8)
    assert queries.count_working_days(end, 5).provisional
    assert queries.is_provisional(end, date(2027, 1, 8))
    service.import_year(2027, DAYS, source=NOTICE, complete=True, person_id=both_cast.office)
    db.session.commit()
    assert months.report_due_on(end, queries.office_calendar()) == date(2027, 1, 9)
    assert not queries.count_working_days(end, 5).provisional
    assert acts() == ["workdays.import", "workdays.complete"]


def test_an_import_leaves_exactly_its_days(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    kept = service.add_day(DAYS[0], **by)
    service.add_day(DayEntry(date(2027, 3, 1), False, "误录"), **by)
    service.add_day(DayEntry(date(2026, 12, 28), False, "别的年份"), **by)
    service.import_year(2027, DAYS, complete=False, **by)
    db.session.commit()
    own = [row for row in page_queries.year_page(2027).rows if row.key]
    assert [(row.day, row.working, row.name) for row in own] == [
        (entry.day, entry.working, entry.name) for entry in DAYS
    ]
    assert own[0].key == kept.key
    assert [row.day for row in page_queries.year_page(2026).rows if row.key] == [date(2026, 12, 28)]
    assert page_queries.year_page(2027).basis == "partial"


def test_a_day_is_changed_and_removed_with_its_audit_line(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    row = service.add_day(DAYS[1], **by)
    db.session.commit()
    with pytest.raises(Rejected, match="已经录入"):
        service.add_day(DAYS[1], **by)
    service.edit_day(row, row.version, DayEntry(date(2027, 1, 5), False, "元旦"), **by)
    db.session.commit()
    with pytest.raises(EditConflict):
        service.remove_day(row, row.version - 1)
    other = service.add_day(DAYS[2], **by)
    with pytest.raises(Rejected, match="已经录入"):
        service.edit_day(row, row.version, DAYS[2], **by)
    service.remove_day(other, other.version)
    assert queries.office_calendar().days == {date(2027, 1, 5): False}
    service.remove_day(row, row.version)
    db.session.commit()
    assert not queries.office_calendar().days
    assert [act.partition(".")[2] for act in acts()] == [
        *("add", "edit", "add", "remove", "remove")
    ]


def test_a_year_is_complete_only_with_days_and_can_be_opened(
    both_ctx: Flask, both_cast: Cast
) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    with pytest.raises(Rejected, match="还没有录入"):
        service.complete_year(2027, **by)
    with pytest.raises(Rejected, match="已随系统公布"):
        service.complete_year(2026, **by)
    service.add_day(DAYS[0], **by)
    service.complete_year(2027, **by)
    db.session.commit()
    assert page_queries.year_page(2027).basis == "complete"
    service.reopen_year(2027)
    db.session.commit()
    assert not queries.office_calendar().is_settled(2027)
    with pytest.raises(Rejected, match="没有标明录全"):
        service.reopen_year(2027)


def test_a_year_whose_days_are_gone_is_not_complete(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    service.import_year(2027, DAYS, complete=True, **by)
    service.import_year(2027, DAYS[:1], complete=False, **by)
    assert page_queries.year_page(2027).basis == "partial"
    service.complete_year(2027, **by)
    db.session.commit()
    row = db.session.scalars(select(CalendarDay)).one()
    service.remove_day(row, row.version)
    db.session.commit()
    assert page_queries.year_page(2027).basis == "law"


def test_a_year_whose_last_day_moves_to_another_is_not_complete(
    both_ctx: Flask, both_cast: Cast
) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    row = service.add_day(DAYS[0], **by)
    service.complete_year(2027, **by)
    service.edit_day(row, row.version, DayEntry(date(2028, 1, 3), False, "元旦"), **by)
    db.session.commit()
    assert page_queries.year_page(2027).basis == "law"
    assert acts()[-2:] == ["workdays.edit", "workdays.reopen"]
    moved = select(AuditEvent.detail).where(AuditEvent.action == "workdays.edit")
    assert "2027-01-01" in str(db.session.scalars(moved).one())


@pytest.mark.parametrize("is_replaced", [True, False])
def test_an_import_sees_a_day_changed_or_replaced_meanwhile(
    both_ctx: Flask, both_cast: Cast, is_replaced: bool
) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    row = service.add_day(DAYS[0], **by)
    db.session.commit()
    shown, entry = queries.year_fingerprint(2027), DayEntry(date(2027, 5, 5), False, "劳动节")
    if is_replaced:
        service.remove_day(row, row.version)
        service.add_day(entry, **by)
    else:
        service.edit_day(row, row.version, entry, **by)
    db.session.commit()
    with pytest.raises(Rejected, match="与您看到的不同"):
        service.import_year(2027, DAYS, complete=False, shown=shown, **by)


def test_an_import_gives_each_day_its_own_source(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"complete": False, "person_id": both_cast.office}
    service.import_year(2027, DAYS, source="征求意见稿", **by)
    service.import_year(2027, DAYS, source=NOTICE, **by)
    db.session.commit()
    assert {row.source for row in page_queries.year_page(2027).rows if row.key} == {NOTICE}
    many = [DayEntry(date(2027, 1, 1) + timedelta(days=n), False, "假") for n in range(101)]
    assert service.import_year(2027, many[:100], source=NOTICE, **by) == 100
    with pytest.raises(Rejected, match="一年应有1至100天，现有101天"):
        service.import_year(2027, many, source=NOTICE, **by)


def test_a_new_source_of_a_complete_year_names_the_former(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"complete": True, "person_id": both_cast.office}
    service.import_year(2027, DAYS, source="征求意见稿", **by)
    service.import_year(2027, DAYS, source=NOTICE, **by)
    db.session.commit()
    assert page_queries.year_page(2027).source == NOTICE
    declared = select(AuditEvent.detail).where(AuditEvent.action == "workdays.complete")
    details = [str(detail) for detail in db.session.scalars(declared.order_by(AuditEvent.seq))]
    assert "征求意见稿" in details[1] and "former_source" not in details[0]


def test_an_import_takes_out_nothing_that_was_entered_meanwhile(
    both_ctx: Flask, both_cast: Cast
) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    shown = queries.year_fingerprint(2027)
    service.add_day(DayEntry(date(2027, 5, 1), False, "劳动节"), **by)
    db.session.commit()
    with pytest.raises(Rejected, match="与您看到的不同"):
        service.import_year(2027, DAYS, complete=False, shown=shown, **by)
    assert [row.day for row in page_queries.year_page(2027).rows if row.key] == [date(2027, 5, 1)]


def test_a_day_stored_while_the_review_is_made_is_not_removed(
    both_ctx: Flask, both_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    read = page_queries._own_rows

    def read_then_stored(year: int) -> list[page_queries.DayRow]:
        rows = read(year)
        service.add_day(DayEntry(date(2027, 5, 4), False, "同事录入"), **by)
        db.session.commit()
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(page_queries, "_own_rows", read_then_stored)
        page = page_queries.import_page(2027, (), NOTICE)
    assert not page.replaced
    with pytest.raises(Rejected, match="与您看到的不同"):
        service.import_year(2027, DAYS, complete=False, shown=page.year_fingerprint, **by)


def test_the_log_names_what_an_import_replaced(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"complete": False, "person_id": both_cast.office}
    service.import_year(2027, DAYS, source="征求意见稿", **by)
    service.import_year(2027, DAYS[:1], source=NOTICE, **by)
    db.session.commit()
    imported = select(AuditEvent.detail).where(AuditEvent.action == "workdays.import")
    first, second = db.session.scalars(imported.order_by(AuditEvent.seq))
    assert "征求意见稿" not in str(first)
    for former in ("2027年1月1日放假，元旦", "2027年1月9日上班，元旦调休上班", "征求意见稿"):
        assert former in str(second)
    many = [DayEntry(date(2027, 2, 1) + timedelta(days=n), False, "假") for n in range(25)]
    for source in ("甲", "乙"):
        service.import_year(2027, many, source=source, **by)
    db.session.commit()
    last = db.session.scalars(imported.order_by(AuditEvent.seq.desc())).first()
    assert "等25天" in str(last) and "2月20日" in str(last) and "2月21日" not in str(last)


def test_a_published_year_is_not_marked_by_its_import(both_ctx: Flask, both_cast: Cast) -> None:
    entries = [DayEntry(date(2026, 5, 6), False, "劳动节")]
    service.import_year(2026, entries, source=NOTICE, complete=True, person_id=both_cast.office)
    assert page_queries.year_page(2026).basis == "published"


@pytest.mark.parametrize(
    "both_app", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_every_write_waits_for_those_before_it(both_ctx: Flask, both_cast: Cast) -> None:
    by = {"source": NOTICE, "person_id": both_cast.office}
    row = service.add_day(DAYS[0], **by)
    db.session.commit()
    writes: list[tuple[str, Callable[[], object]]] = [
        ("2027", lambda: service.add_day(DAYS[1], **by)),
        ("2027", lambda: service.edit_day(row, row.version, DAYS[1], **by)),
        ("2028", lambda: service.edit_day(row, row.version, IN_2028, **by)),
        ("2027", lambda: service.edit_day(row, row.version, IN_2028, **by)),
        ("2027", lambda: service.remove_day(row, row.version)),
        ("2027", lambda: service.import_year(2027, DAYS, complete=True, **by)),
        ("2027", lambda: service.complete_year(2027, **by)),
        ("2027", lambda: service.reopen_year(2027)),
    ]
    for year, write in writes:
        with db.engine.connect() as other:
            other.execute(text(LOCK), {"year": year})
            db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                write()
            db.session.rollback()


def test_the_table_is_read_once_a_transaction(both_ctx: Flask, both_cast: Cast) -> None:
    asked: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for _ in range(5):
            queries.office_calendar()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sum("calendar_day" in statement for statement in asked) == 1
