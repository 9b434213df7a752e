"""People found by typing, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select

from lab.extensions import db
from lab.identity.core.people_search import MAX_FOUND, fill_name_keys, find_people, people_for
from lab.identity.models.account import Person, PersonNameKey
from lab.identity.people import service
from tests.support.cast import Cast, person


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
    assert found("wrj") == []
    db.session.rollback()
    fill_name_keys()
    fill_name_keys()
    db.session.rollback()
    assert found("wrj") == ["外人甲"] and db.session.scalar(count) == before
    assert db.session.scalar(select(func.count()).select_from(Person)) == 16
