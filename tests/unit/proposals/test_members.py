"""Members with and without an account, in the form and as they are stored."""

from __future__ import annotations

from lab.proposals.rules.members import form_members, repeated_members, stored_members

OWN = {"person_id": 7, "unit": "东城支行", "duty": "对接"}
NAMED = {"person_id": "王五", "unit": "科技公司", "duty": ""}


def test_the_unit_of_an_account_is_not_stored() -> None:
    assert stored_members([OWN, NAMED]) == [
        {"person_id": 7, "name": "", "unit": "", "duty": "对接"},
        {"person_id": None, "name": "王五", "unit": "科技公司", "duty": ""},
    ]


def test_what_is_stored_comes_back_into_the_form() -> None:
    assert form_members(stored_members([OWN, NAMED])) == [{**OWN, "unit": ""}, NAMED]
    assert form_members([{"person_id": 7, "duty": "对接"}]) == [{**OWN, "unit": ""}]


def test_nobody_is_named_twice() -> None:
    other = {**NAMED, "unit": "另一公司"}
    rows = [(1, OWN), (2, NAMED), (3, {**OWN, "unit": ""}), (4, other), (6, {**NAMED, "duty": "x"})]
    found = [(problem.number, problem.message) for problem in repeated_members(rows)]
    assert found == [(3, "与第1行相同，请删去一行。"), (6, "与第2行相同，请删去一行。")]
