"""Whom a typed name and unit mean."""

from __future__ import annotations

import pytest

from lab.web.typed.people import (
    KnownPerson,
    person_readings,
    spellings,
    split_person,
    the_one,
    without_brackets,
)
from lab.web.typed.text import TextError

EAST, SOUTH = "东城支行", "丰台支行"
PEOPLE = [
    KnownPerson(1, "张伟", EAST),
    KnownPerson(2, "张伟", SOUTH),
    KnownPerson(3, "李娜", "北京分行（营业部）"),
    KnownPerson(4, "王芳", EAST, "客户经理"),
    KnownPerson(5, "王芳", EAST, "编号5"),
    KnownPerson(6, "古丽·买买提", EAST),
]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("张伟", ("张伟", "")),
        (" 张伟 (东城支行) ", ("张伟", EAST)),
        ("李娜（北京分行（营业部））", ("李娜", "北京分行（营业部）")),
        ("王芳（东城支行，客户经理）", ("王芳", "东城支行，客户经理")),
        ("李明（大）(东城支行)", ("李明（大）", EAST)),
        ("李明（大）（北京分行（营业部））", ("李明（大）", "北京分行（营业部）")),
        ("（甲）", ("（甲）", "")),
        ("张伟（", ("张伟（", "")),
        ("张伟）（东城支行", ("张伟）（东城支行", "")),
    ],
)
def test_name_and_unit_are_told_apart(text: str, parts: tuple[str, str]) -> None:
    assert split_person(text) == parts


def test_brackets_are_part_of_a_name_or_say_the_unit() -> None:
    assert person_readings("李明（大）") == (("李明（大）", ""), ("李明", "大"))
    assert person_readings("李明") == (("李明", ""),)
    assert {"李明(大)", "【演示】李明(大)"} <= spellings("李明（大）")
    assert without_brackets("李明(大)") == without_brackets("李明") == "李明"


@pytest.mark.parametrize(
    ("name", "unit", "meant"),
    [
        ("李娜", "", 3),
        ("李 娜", "北京分行（营业部）", 3),
        ("李　娜", "北京分行 (营业部)", 3),
        ("古丽•买买提", "", 6),
        ("古丽买买提", EAST, 6),
        ("张伟", EAST, 1),
        ("张伟", "丰台", 2),
        ("张伟", "邮储银行丰台支行", 2),
        ("张伟", "西城支行", None),
        ("王芳", "东城支行，编号5", 5),
        ("赵六", "", None),
    ],
)
def test_a_name_means_one_person_or_nobody(name: str, unit: str, meant: int | None) -> None:
    person = the_one(PEOPLE, name, unit)
    assert (person.id if person else None) == meant


@pytest.mark.parametrize(
    ("name", "unit", "meant"),
    [
        ("组长乙", "", 1),
        ("【演示】组长乙", "", 1),
        ("[演示] 组长乙", EAST, 1),
        ("组长乙", "【演示】东城支行", 1),
        ("组长丙", "", 2),
        ("组长丙【演示】", "", 2),
        ("组长丁", "", 4),
        ("【演示】组长丁", "", 3),
    ],
)
def test_the_mark_of_invented_data_is_not_typed(name: str, unit: str, meant: int) -> None:
    people = [
        KnownPerson(1, "【演示】组长乙", EAST),
        KnownPerson(2, "组长丙【演示】", SOUTH),
        KnownPerson(3, "【演示】组长丁", EAST),
        KnownPerson(4, "组长丁", EAST),
    ]
    person = the_one(people, name, unit)
    assert person is not None and person.id == meant
    assert people[meant - 1].name in spellings(name)


@pytest.mark.parametrize(
    ("name", "unit", "labels"),
    [
        ("张伟", "", "张伟（东城支行）、张伟（丰台支行）"),
        ("张伟", "支行", "张伟（东城支行）、张伟（丰台支行）"),
        ("王芳", EAST, "王芳（东城支行，客户经理）、王芳（东城支行，编号5）"),
    ],
)
def test_a_shared_name_is_answered_with_its_units(name: str, unit: str, labels: str) -> None:
    with pytest.raises(TextError, match="共有2位") as refused:
        the_one(PEOPLE, name, unit)
    assert labels in str(refused.value)
    for label in labels.split("、"):
        typed_name, typed_unit = split_person(label)
        assert the_one(PEOPLE, typed_name, typed_unit) is not None
