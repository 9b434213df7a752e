"""What an administrator may write in the rows of units and people, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from lab.enrolment.rules.columns import PEOPLE_COLUMNS, UNIT_COLUMNS, SheetColumn
from lab.enrolment.rules.person_rows import KnownPerson, check_people, roles_of
from lab.enrolment.rules.rows import CheckedRow
from lab.enrolment.rules.unit_rows import KnownUnit, check_units, units_by_key
from lab.importing.rules.worksheets import ParsedTable, TableNote

UNITS = units_by_key(
    [
        KnownUnit(1, "市分公司", "post", True),
        KnownUnit(2, "市分行", "bank", True),
        KnownUnit(3, "旧支局", "post", False),
    ]
)
PEOPLE = {
    "lisi": KnownPerson(5, "lisi", "李四", "staff", "市分公司", False, frozenset({"applicant"})),
    "boss": KnownPerson(6, "boss", "主管", "system", "", False, frozenset({"system"})),
    "gone": KnownPerson(7, "gone", "离职", "staff", "市分公司", True, frozenset()),
    "asked": KnownPerson(
        8, "asked", "已请", "staff", "市分公司", False, frozenset(), frozenset({"reviewer"})
    ),
}
Said = list[tuple[int, str, str]]


def table(
    columns: Sequence[SheetColumn], *rows: Mapping[str, str], notes: Sequence[TableNote] = ()
) -> ParsedTable:
    fields = tuple(column.field for column in columns)
    lines = tuple(
        (number, tuple(row.get(field, "") for field in fields))
        for number, row in enumerate(rows, start=2)
    )
    return ParsedTable(fields, lines, columns=tuple(range(1, len(fields) + 1)), notes=tuple(notes))


def said(rows: Sequence[CheckedRow], kind: str = "errors") -> Said:
    return [(row.row, each.field, each.message) for row in rows for each in getattr(row, kind)]


def unit(name: str, side: str = "", parent: str = "") -> dict[str, str]:
    return {"name": name, "side": side, "parent": parent}


def who(
    sign_in_name: str, name: str = "新人", unit: str = "市分公司", **more: str
) -> dict[str, str]:
    return {"sign_in_name": sign_in_name, "name": name, "unit": unit, **more}


# -- units -------------------------------------------------------------------------------------


def test_units_come_after_their_parents_in_whatever_order() -> None:
    rows = [
        unit("丙", parent="乙"),
        unit("乙", parent="甲"),
        unit("甲", "邮政"),
        unit("丁", "银行"),
    ]
    plan = check_units(table(UNIT_COLUMNS, *rows), UNITS)
    assert said(plan.rows) == []
    assert [[row.cells["name"] for row in level] for level in plan.levels] == [
        ["甲", "丁"],
        ["乙"],
        ["丙"],
    ]
    assert {name: plan.sides[name] for name in "甲乙丙丁"} == {
        "甲": "post",
        "乙": "post",
        "丙": "post",
        "丁": "bank",
    }


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ([unit("", "邮政")], (2, "name"), "没有填写"),
        ([unit("甲" * 61, "邮政")], (2, "name"), "最多60个"),
        ([unit("甲", "邮政"), unit(" 甲 ", "邮政")], (3, "name"), "与第2行的单位名称相同"),
        ([unit("甲")], (2, "side"), "须填“邮政”或“银行”"),
        ([unit("甲", "保险")], (2, "side"), "没有“保险”这一方"),
        ([unit("甲", "银行", "市分公司")], (2, "side"), "上级单位属于邮政"),
        ([unit("市分公司", "银行")], (2, "side"), "系统中此单位属于邮政"),
        ([unit("甲", parent="甲")], (2, "parent"), "不能是本单位"),
        ([unit("甲", parent="没有")], (2, "parent"), "都没有单位“没有”"),
        ([unit("甲", parent="旧支局")], (2, "parent"), "已停用"),
        ([unit("旧支局", "邮政")], (2, "name"), "但已停用"),
        ([unit("甲\x01乙", "邮政")], (2, "name"), "看不见的控制字符"),
        ([unit("甲??", "邮政")], (2, "name"), "有问号，多半是另存时丢失的字"),
    ],
)
def test_a_wrong_cell_of_a_unit_says_what_and_how_to_cure(
    rows: list[dict[str, str]], where: tuple[int, str], words: str
) -> None:
    errors = said(check_units(table(UNIT_COLUMNS, *rows), UNITS).rows)
    assert [each[:2] for each in errors if words in each[2]] == [where], errors


def test_units_above_each_other_are_all_named() -> None:
    circle = table(UNIT_COLUMNS, unit("甲", parent="乙"), unit("乙", parent="甲"))
    found = [
        (row, "互相指向" in message) for row, _, message in said(check_units(circle, UNITS).rows)
    ]
    assert found == [(2, True), (3, True)]


def test_a_unit_that_is_there_is_skipped_and_never_changed() -> None:
    plan = check_units(table(UNIT_COLUMNS, unit("市分公司"), unit("甲", parent="市分公司")), UNITS)
    assert [row.exists for row in plan.rows] == [True, False]
    assert said(plan.rows) == []
    assert "不再新建" in said(plan.rows, "warnings")[0][2]
    assert [row.cells["name"] for level in plan.levels for row in level] == ["甲"]


def test_a_name_that_is_broken_for_its_column_is_one_name() -> None:
    plan = check_units(table(UNIT_COLUMNS, unit("甲", parent="市分\n公司")), UNITS)
    assert said(plan.rows) == []


# -- people ------------------------------------------------------------------------------------


def check(*rows: Mapping[str, str], new_units: Sequence[str] = ()) -> tuple[CheckedRow, ...]:
    return check_people(table(PEOPLE_COLUMNS, *rows), PEOPLE, UNITS, new_units)


def test_a_question_mark_in_a_name_is_not_asked_about_as_well() -> None:
    asked = TableNote(2, "name", "确是问号则不必改。", error=False)
    rows = check_people(
        table(PEOPLE_COLUMNS, who("zs", "张??"), notes=[asked]), PEOPLE, UNITS, set()
    )
    assert said(rows, "warnings") == [] and len(said(rows)) == 1


def test_full_width_letters_are_taken_as_letters() -> None:
    [row] = check(who("ｎｅｗ１", email="ａ@example.cn", phone="０１０－１"))
    assert said([row]) == []
    cells = [row.cells[name] for name in ("sign_in_name", "email", "phone")]
    assert cells == ["new1", "a@example.cn", "010-1"]


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ([who("")], (2, "sign_in_name"), "没有填写"),
        ([who("张三")], (2, "sign_in_name"), "只能用字母"),
        ([who("a")], (2, "sign_in_name"), "2至40个"),
        ([who("zs"), who("ZS")], (3, "sign_in_name"), "与第2行的登录名相同"),
        ([who("zs", "")], (2, "name"), "没有填写"),
        ([who("zs", "张\x00三")], (2, "name"), "看不见的控制字符"),
        ([who("zs", "张\u202e三")], (2, "name"), "改变文字方向的字符"),
        ([who("zs", "张\ud800")], (2, "name"), "不完整的字符"),
        ([who("zs", "张?")], (2, "name"), "有问号"),
        ([who("zs", "张三\n李四")], (2, "name"), "像是写了几个人"),
        ([who("zs", "张三、李四")], (2, "name"), "像是写了几个人"),
        ([who("zs", duty="经理\ue000")], (2, "duty"), "打印不出的字符"),
        ([who("zs", unit="没有")], (2, "unit"), "都没有“没有”"),
        ([who("zs", unit="旧支局")], (2, "unit"), "已停用"),
        ([who("zs", email="不是邮箱")], (2, "email"), "邮箱写法不对"),
        ([who("zs", roles="董事长")], (2, "roles"), "没有角色“董事长”"),
        ([who("zs", roles="申报人、安全管理员")], (2, "roles"), "不能和业务角色同在一表"),
        ([who("lisi", "别人")], (2, "sign_in_name"), "登录名已属于李四"),
        ([who("boss", "主管", roles="评委")], (2, "roles"), "是管理员账号"),
        ([who("gone", "离职", roles="评委")], (2, "roles"), "已停用，不能申请角色"),
    ],
)
def test_a_wrong_cell_of_a_person_says_what_and_how_to_cure(
    rows: list[dict[str, str]], where: tuple[int, str], words: str
) -> None:
    errors = said(check(*rows))
    assert [each[:2] for each in errors if words in each[2]] == [where], errors


def test_people_may_belong_to_units_of_the_same_workbook() -> None:
    assert said(check(who("zs", unit="新支局"), new_units=["新支局"])) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (who("lisi", "李四"), "不再新建，也不改动。"),
        (who("lisi", "李四", roles="申报人"), "不再新建，也不改动。"),
        (who("lisi", "李四", roles="评委"), "只为其申请所列的角色"),
        (who("asked", "已请", roles="评委"), "不再新建，也不改动。"),
    ],
)
def test_an_account_that_is_there_is_skipped(row: dict[str, str], words: str) -> None:
    rows = check(row)
    assert (rows[0].exists, said(rows)) == (True, [])
    assert words in said(rows, "warnings")[0][2]


def test_another_unit_of_an_account_is_named_and_not_changed() -> None:
    assert "本次不改" in said(check(who("lisi", "李四", unit="市分行")), "warnings")[1][2]


def test_two_of_one_name_and_unit_are_pointed_out() -> None:
    assert "同一人" in said(check(who("zs"), who("zs2")), "warnings")[0][2]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("申报人、评委", ("applicant", "reviewer")),
        ("专家；领导小组", ("reviewer", "leading")),
        ("实施办公室 申报人", ("applicant", "office")),
        ("", ()),
    ],
)
def test_roles_are_read_as_people_write_them(text: str, roles: tuple[str, ...]) -> None:
    assert roles_of(check(who("zs", roles=text))[0]) == roles


def test_an_unreadable_cell_is_not_blamed_for_being_blank() -> None:
    note = TableNote(2, "name", "公式没有算出结果。", True)
    rows = check_people(table(PEOPLE_COLUMNS, who("zs", ""), notes=[note]), {}, UNITS, ())
    assert said(rows) == [(2, "name", "公式没有算出结果。")]
