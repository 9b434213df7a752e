"""People found by typing, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select

from lab.extensions import db
from lab.identity.core.name_key_filling import fill_name_keys
from lab.identity.core.people_search import MAX_FOUND, find_people, people_alike, people_for
from lab.identity.models.account import Person, Unit
from lab.identity.models.name_keys import PersonNameKey, UnitNameKey
from lab.identity.people import service
from lab.identity.units import service as units
from lab.identity.units import service_bulk
from tests.support.cast import Cast, person

SOUTH = ["外人甲", "评委甲", "评委丙"]  # the people of 邮储丰台支行


def add(cast: Cast, name: str, unit: int, count: int = 1, duty: str = "") -> list[int]:
    ids = []
    for number in range(count):
        made = service.create_person(
            sign_in_name=f"{name.encode().hex()[:20]}{unit}-{number}",
            name=name,
            unit_id=unit,
            hashed="",
            duty=duty,
        )
        ids.append(made.id)
    db.session.commit()
    return ids


@pytest.fixture
def queries(both_ctx: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def found(typed: str, unit: int | None = None) -> list[str]:
    return [each.name for each in find_people(typed, unit).people]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("单于", ["单于雪"]),
        ("chany", ["单于雪"]),
        ("cyx", ["单于雪"]),
        ("ＣＹＸ", ["单于雪"]),
        ("xue", ["单于雪"]),
        ("外人 丰台", ["外人甲"]),
        ("外人（邮储丰台支行）", ["外人甲"]),
        ("外人 东城", []),
        ("wrj", ["外人甲"]),
        ("系统", []),
        ("%", []),
        ("  ", []),
    ],
)
def test_people_are_found_by_name_pinyin_and_unit(
    both_ctx: Flask, both_cast: Cast, typed: str, names: list[str]
) -> None:
    add(both_cast, "单于雪", both_cast.bank_branch)
    assert found(typed) == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ycftzh", SOUTH),
        ("fengtaizhihang", SOUTH),
        ("ftzh wr", ["外人甲"]),
        ("ftzh lh", []),
    ],
)
def test_people_are_found_by_their_unit_in_pinyin(
    both_ctx: Flask, both_cast: Cast, typed: str, names: list[str]
) -> None:
    assert set(found(typed)) == set(names)


def test_a_renamed_unit_is_found_by_its_new_name(both_ctx: Flask, both_cast: Cast) -> None:
    unit = db.session.get_one(Unit, both_cast.bank_other)
    units.edit_unit(unit, unit.version, name="长安街支行【演示】", active=True)
    db.session.commit()
    assert {*found("cajzh")} == {*found("【演示】长安街")} == {*SOUTH} and found("ycftzh") == []


def test_many_new_units_are_found_at_once(both_ctx: Flask, both_cast: Cast) -> None:
    ids = service_bulk.create_units([[service_bulk.NewUnit("重庆分行", "bank", "")]], {}, {})
    db.session.commit()
    add(both_cast, "赵六", ids["重庆分行"])
    assert found("cqfh") == ["赵六"]


@pytest.mark.parametrize("stored", ["【演示】组长乙", "组长乙【演示】"])
@pytest.mark.parametrize("typed", ["组长乙", "【演示】组长乙", "组 长乙【演示】"])
def test_a_name_is_found_without_the_mark(
    both_ctx: Flask, both_cast: Cast, stored: str, typed: str
) -> None:
    add(both_cast, stored, both_cast.bank_other)
    assert found("zzy") == found(typed) == [stored]
    assert [each.name for each in people_for([typed], [])] == [stored]


def test_a_unit_offers_its_people_before_a_word(both_ctx: Flask, both_cast: Cast) -> None:
    assert found("", both_cast.bank_branch) == ["组员甲", "联合甲"]
    assert found("lh", both_cast.bank_branch) == ["联合甲"]
    assert found("wrj", both_cast.bank_branch) == []


def test_few_are_answered_the_exact_name_first(
    both_ctx: Flask, both_cast: Cast, queries: list[str]
) -> None:
    for number in range(MAX_FOUND + 3):
        add(both_cast, f"赵五{chr(0x4E00 + number)}", both_cast.post_other)
    add(both_cast, "赵五龘", both_cast.post_other)
    queries.clear()
    answer = find_people("赵五龘")
    assert [each.name for each in answer.people] == ["赵五龘"] and len(queries) == 1
    answer = find_people("zw")
    assert len(answer.people) == MAX_FOUND and answer.more and len(queries) == 2


def test_a_closed_account_is_not_found(both_ctx: Flask, both_cast: Cast) -> None:
    service.disable(person(both_cast.stranger))
    db.session.commit()
    assert found("外人甲") == []
    assert people_for(["外人甲"], []) == []
    assert [each.name for each in people_for([], [both_cast.stranger])] == ["外人甲"]


def test_blanks_and_dots_of_a_typed_name_do_not_matter(both_ctx: Flask, both_cast: Cast) -> None:
    add(both_cast, "单外人", both_cast.post_other)
    add(both_cast, "古丽·买买提", both_cast.post_other)
    named = people_for(["单　外 人", "古丽•买买提"], [])
    assert {each.name for each in named} == {"单外人", "古丽·买买提"}


def test_two_of_one_name_and_unit_are_told_apart(both_ctx: Flask, both_cast: Cast) -> None:
    (manager,) = add(both_cast, "同名甲", both_cast.bank_other, duty="客户经理")
    other = service.create_person(
        sign_in_name="twin", name="同名甲", unit_id=both_cast.bank_other, hashed=""
    )
    db.session.commit()
    labels = {each.id: each.label for each in find_people("tongming").people}
    assert labels == {
        manager: "同名甲（邮储丰台支行，客户经理）",
        other.id: f"同名甲（邮储丰台支行，编号{other.id}）",
    }


def test_two_of_one_duty_are_told_apart_by_number(both_ctx: Flask, both_cast: Cast) -> None:
    (manager,) = add(both_cast, "同名甲", both_cast.bank_other, duty="客户经理")
    twin = {"sign_in_name": "twin", "name": "同名甲", "duty": "客户经理", "hashed": ""}
    other = service.create_person(**twin, unit_id=both_cast.bank_other)
    db.session.commit()
    found = {each.apart for each in find_people("同名甲（邮储丰台支行，客户经理）").people}
    assert found == {f"编号{manager}", f"编号{other.id}"}


def test_a_duty_that_is_not_shown_finds_nobody(both_ctx: Flask, both_cast: Cast) -> None:
    add(both_cast, "专家甲", both_cast.bank_other, duty="评审专家")
    assert find_people("评审专家").people == ()
    assert [each.name for each in find_people("专家甲").people] == ["专家甲"]


def test_a_name_with_brackets_may_be_meant_without_them(both_ctx: Flask, both_cast: Cast) -> None:
    add(both_cast, "李明（大）", both_cast.bank_other)
    add(both_cast, "李明华", both_cast.post_other)
    assert [each.name for each in people_alike([("李明", "")])] == ["李明（大）"]


def test_a_renamed_person_is_found_by_the_new_name(both_ctx: Flask, both_cast: Cast) -> None:
    who = person(both_cast.stranger)
    unchanged = {"duty": "", "phone": "", "email": "", "mail_wanted": True}
    service.edit_person(who, who.version, name="单外人", unit_id=who.unit_id, **unchanged)
    db.session.commit()
    assert found("shanw") == ["单外人"] and found("wrj") == []


def test_people_from_before_get_their_keys_once(both_ctx: Flask, both_cast: Cast) -> None:
    count = select(func.count()).select_from(PersonNameKey)
    before = db.session.scalar(count)
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(delete(PersonNameKey))
        connection.execute(delete(UnitNameKey))
    assert found("wrj") == found("ycftzh") == []
    db.session.rollback()
    fill_name_keys()
    fill_name_keys()
    db.session.rollback()
    assert set(found("ycftzh")) == set(SOUTH)
    assert found("wrj") == ["外人甲"] and db.session.scalar(count) == before
    assert db.session.scalar(select(func.count()).select_from(Person)) == 16
