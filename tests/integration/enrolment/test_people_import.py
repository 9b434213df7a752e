"""Units and people by workbook: all or nothing, slips instead of passwords, roles on request."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.audit.models import AuditEvent
from lab.enrolment.bulk_import import service
from lab.enrolment.bulk_import.service_check import NOTHING_NEW
from lab.enrolment.models import RoleRequest
from lab.extensions import db
from lab.identity.models.account import RoleGrant, Unit
from lab.identity.models.addresses import AddressChange
from lab.identity.rules.name_keys import search_keys
from lab.importing.matching import queries_columns
from lab.importing.matching import service as importing
from lab.importing.uploads import service_reading
from lab.inbox.models.notices import Notice
from lab.workflow import TransitionRejected
from tests.support.builders.people_workbooks import (
    UNIT,
    account,
    checked,
    imported,
    newcomer,
    recheck,
    workbook,
)
from tests.support.builders.workbooks import xlsx
from tests.support.cast import Cast, person

pytestmark = pytest.mark.usefixtures("workbooks_here")

NOW = datetime(2022, 7, 1, 2, tzinfo=UTC)


def lines(action: str) -> list[dict[str, object]]:
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))
    return [json.loads(row.detail) for row in rows]


def test_a_workbook_creates_units_accounts_and_requests(both_ctx: Flask, both_cast: Cast) -> None:
    side = {"name": "新分行【演示】", "side": "银行"}
    below = {"name": "新支行【演示】", "parent": side["name"]}
    people = [
        newcomer(1, unit=below["name"], roles="申报人、评委", email="new1@example.cn", duty="经理"),
        newcomer(2, roles=""),
    ]
    with clock.freeze(NOW):
        batch = imported(both_cast.system, people, [below, side, UNIT])
    assert (batch.status, batch.unit_count, batch.person_count, batch.role_count) == (
        *("imported", 3, 2, 2),
    )
    made = account("new1")
    assert made.unit is not None and made.unit.parent is not None
    assert (made.unit_name, made.unit.side, made.unit.parent.name) == (
        *(below["name"], "bank", side["name"]),
    )
    assert (made.password_hash, made.must_change, made.roles) == ("", True, frozenset())
    assert (made.duty, made.email, made.mail_wanted) == ("经理", "new1@example.cn", True)
    assert {row.key for row in made.name_keys} == search_keys(made.name)
    change = db.session.scalars(
        select(AddressChange).where(AddressChange.person_id == made.id)
    ).one()
    assert change.changed_by_id == both_cast.system
    asked = db.session.execute(select(RoleRequest.role, RoleRequest.status)).all()
    assert sorted(map(tuple, asked)) == [("applicant", "pending"), ("reviewer", "pending")]
    created = [line for line in lines("people.create") if line.get("import") == batch.key]
    assert len(created) == 2
    assert len([one for one in lines("units.create") if one.get("import") == batch.key]) == 3
    (confirmed,) = lines("people_import.confirm")
    assert (confirmed["person_count"], confirmed["role_count"]) == (2, 2)
    told = db.session.scalars(select(Notice).where(Notice.person_id == both_cast.security)).one()
    assert "申请2项角色" in told.text


def test_one_faulty_row_keeps_all_out(ctx: Flask, cast: Cast) -> None:
    batch = checked(cast.system, workbook([UNIT], [newcomer(1), newcomer(2, unit="没有")]))
    assert (batch.status, batch.faulty_count) == ("failed", 1)
    with pytest.raises(TransitionRejected):
        service.confirm_import(batch, person(cast.system))
    assert db.session.scalar(select(Unit.id).where(Unit.name == UNIT["name"])) is None


def test_the_same_workbook_again_has_nothing_new(ctx: Flask, cast: Cast) -> None:
    imported(cast.system, [newcomer(1)])
    again = checked(cast.system, workbook([UNIT], [newcomer(1)]))
    assert (again.status, again.failure, again.existing_count) == ("failed", NOTHING_NEW, 2)


def test_more_people_are_added_and_others_left_alone(ctx: Flask, cast: Cast) -> None:
    imported(cast.system, [newcomer(1)])
    before = account("new1").version
    imported(cast.system, [newcomer(1, duty="另一职务", roles="评委"), newcomer(2)])
    assert (account("new1").version, account("new1").duty) == (before, "")
    waiting = select(func.count()).where(RoleRequest.person_id == account("new1").id)
    assert db.session.scalar(waiting) == 2
    assert account("new2").unit_id == account("new1").unit_id


def test_what_changed_since_the_check_stops_the_import(ctx: Flask, cast: Cast) -> None:
    batch = checked(cast.system, workbook([UNIT], [newcomer(1, unit="邮政西城分公司")]))
    assert batch.status == "ready"
    db.session.get_one(Unit, cast.post_other).active = False
    imported(cast.system, [newcomer(5)])
    assert service.confirm_import(batch, person(cast.system)) is False
    db.session.commit()
    assert (batch.status, batch.faulty_count) == ("failed", 1)


def test_who_was_created_meanwhile_is_counted_as_there(ctx: Flask, cast: Cast) -> None:
    batch = checked(cast.system, workbook([UNIT], [newcomer(1), newcomer(2)]))
    assert (batch.unit_count, batch.person_count, batch.existing_count) == (1, 2, 0)
    imported(cast.system, [newcomer(1)])
    assert service.confirm_import(batch, person(cast.system)) is True
    db.session.commit()
    assert (batch.unit_count, batch.person_count, batch.existing_count) == (0, 1, 2)


def test_a_second_press_creates_nothing_more(ctx: Flask, cast: Cast) -> None:
    batch = imported(cast.system, [newcomer(1)])
    with pytest.raises(TransitionRejected):
        service.confirm_import(batch, person(cast.system))


def changed(data: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook after this change."""
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def hide_row(book: openpyxl.Workbook) -> None:
    book["人员"].row_dimensions[3].hidden = True


def hide_worksheet(book: openpyxl.Workbook) -> None:
    book["人员"].sheet_state = "hidden"


def fill_far_away(book: openpyxl.Workbook) -> None:
    book["单位"]["A30000"] = "x"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (hide_row, "“人员”表：第3行被隐藏了。"),
        (hide_worksheet, "工作表“人员”被隐藏了。"),
        (fill_far_away, "“单位”表的单元格A30000有内容，离表格很远"),
    ],
)
def test_nothing_is_left_out_unasked(
    ctx: Flask, cast: Cast, change: Callable[[openpyxl.Workbook], object], said: str
) -> None:
    data = changed(workbook([UNIT], [newcomer(1), newcomer(2)]), change)
    batch = checked(cast.system, data)
    assert batch.status == "failed" and batch.failure.startswith(said)


@pytest.mark.parametrize("escaped", ["_x0000_", "_xD800_", "_xFFFE_"])
def test_a_character_that_cannot_be_stored_is_named(
    both_ctx: Flask, both_cast: Cast, escaped: str
) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book["人员"]["B2"] = f"张{escaped}三"

    batch = checked(both_cast.system, changed(workbook([UNIT], [newcomer(1)]), spoil))
    assert (batch.status, batch.faulty_count) == ("failed", 1)
    [row] = [row for row in batch.result or [] if row["errors"]]
    assert row["cells"]["name"] == ["B2", "张\ufffd三"]


def test_worksheets_that_are_not_read_are_named(ctx: Flask, cast: Cast) -> None:
    data = changed(
        workbook([UNIT], [newcomer(1)]),
        lambda book: [book.create_sheet(name) for name in ("说明", "人员（二部）")],
    )
    batch = checked(cast.system, data)
    assert (batch.status, batch.remarks) == ("ready", ["没有读取的工作表：“人员（二部）”。"])


def test_foreign_and_blank_workbooks_are_refused(ctx: Flask, cast: Cast) -> None:
    other = checked(cast.system, xlsx([["姓名"], ["张三"]], "花名册"))
    assert other.status == "failed" and "工作表。现有“花名册”。请使用" in other.failure
    page = Path("templates/enrolment/bulk_import/imports.html").read_text(encoding="utf-8")
    for button in ("上传自己的单位表", "上传自己的人员表"):
        assert f"“{button}”" in other.failure and button in page
    blank = checked(cast.system, workbook([], []))
    assert blank.failure.startswith("表中没有内容")


def test_an_own_list_of_people_is_matched_by_its_headings(ctx: Flask, cast: Cast) -> None:
    grid = [
        ["2022年人员花名册"],
        ["序号", "工号", "姓名", "部门", "联系电话"],
        ["1", "00123", "张三【演示】", "邮政东城分公司", "010-10000000"],
    ]
    upload = service.begin_own(
        "people", FileStorage(io.BytesIO(xlsx(grid, "花名册")), "花名册.xlsx"), cast.system
    )
    db.session.commit()
    service_reading.read_upload({"upload": upload.key})
    db.session.refresh(upload)
    importing.save_heading(upload, upload.version, sheet="花名册", head=2, last=None)
    page = queries_columns.columns_page(upload, None)
    assert page is not None
    assert {c: f for c, f in page.chosen.items() if f} == {
        2: "sign_in_name",
        3: "name",
        4: "unit",
        5: "phone",
    }
    choice = importing.ColumnChoice("new", page.chosen, page.headings)
    key = importing.save_columns(upload, upload.version, choice, cast.system, None)
    db.session.commit()
    batch = recheck(key)
    assert (batch.status, batch.person_count) == ("ready", 1), batch.result
    assert service.confirm_import(batch, person(cast.system))
    db.session.commit()
    assert (account("00123").unit_id, account("00123").phone) == (
        *(cast.post_branch, "010-10000000"),
    )


def test_many_people_take_as_many_statements_as_ten(ctx: Flask, cast: Cast) -> None:
    def statements(first: int, count: int) -> int:
        people = [newcomer(n, roles="申报人、评委") for n in range(first, first + count)]
        batch = checked(cast.system, workbook([UNIT], people))
        counted: list[str] = []
        listen = (db.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
        event.listen(*listen)
        try:
            assert service.confirm_import(batch, person(cast.system))
            db.session.commit()
        finally:
            event.remove(*listen)
        return len(counted)

    few = statements(1, 10)
    assert statements(2000, 300) <= few + 2
    assert db.session.scalar(select(func.count()).select_from(RoleGrant)) < 100
