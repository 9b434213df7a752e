"""Whom the rules keep from reviewing, and why."""

from __future__ import annotations

from typing import Any

import pytest

from lab.reviews.rules.recusal import Candidate, Conflict, Reviewer, reasons

POST, BANK = 1, 2
# post: 1 > 11 > 111, 1 > 12; bank: 2 > 21
OFFICE, TEAM, OTHER, BRANCH = (POST, 11), (POST, 11, 111), (POST, 12), (BANK, 21)


def proposal(*paths: tuple[int, ...], **facts: Any) -> Candidate:
    return Candidate(7, paths, frozenset({70, 71}), leader=72, **facts)


def codes(reviewer: Reviewer, candidate: Candidate) -> list[str]:
    return [reason.code for reason in reasons(reviewer, candidate)]


@pytest.mark.parametrize(
    ("own", "applicants", "expected"),
    [
        (OFFICE, [OFFICE], ["same_unit"]),
        (OFFICE, [TEAM], ["related_unit"]),
        (TEAM, [OFFICE], ["related_unit"]),
        (OTHER, [OFFICE], []),
        (BRANCH, [OFFICE], []),
        (BRANCH, [OFFICE, BRANCH], ["same_unit"]),
        (OFFICE, [OFFICE, TEAM], ["same_unit", "related_unit"]),
        ((POST,), [OFFICE], []),
        (OFFICE, [(POST,)], []),
        ((POST,), [(POST,)], ["same_unit"]),
        ((POST,), [(BANK,)], []),
        ((POST, 11, 112), [TEAM], []),
        ((BANK, 21, 111), [(BANK, 22, 211)], []),
    ],
)
def test_units_keep_a_reviewer_out_except_through_the_root(
    own: tuple[int, ...], applicants: list[tuple[int, ...]], expected: list[str]
) -> None:
    assert codes(Reviewer(1, own), proposal(*applicants)) == expected


@pytest.mark.parametrize(
    ("reviewer", "expected"),
    [
        (Reviewer(70, BRANCH), ["takes_part"]),
        (Reviewer(72, BRANCH), ["takes_part"]),
        (Reviewer(73, BRANCH), []),
        (Reviewer(1, BRANCH, subordinates=frozenset({72})), ["superior"]),
        (Reviewer(1, BRANCH, superiors=frozenset({72})), ["subordinate"]),
        (Reviewer(1, BRANCH, superiors=frozenset({70}), subordinates=frozenset({71})), []),
        (Reviewer(9, BRANCH), ["avoided"]),
    ],
)
def test_persons_keep_a_reviewer_out(reviewer: Reviewer, expected: list[str]) -> None:
    assert codes(reviewer, proposal(OFFICE, avoid=frozenset({9}))) == expected


@pytest.mark.parametrize(
    ("conflict", "applies"),
    [
        (Conflict("kinship", person=70), True),
        (Conflict("kinship", person=72), True),
        (Conflict("kinship", person=99), False),
        (Conflict("interest", proposal=7), True),
        (Conflict("interest", proposal=8), False),
        (Conflict("former_unit", unit=111), True),
        (Conflict("former_unit", unit=11), True),  # the unit above the applicant, below the root
        (Conflict("former_unit", unit=POST), False),
        (Conflict("former_unit", unit=12), False),
        (Conflict("self", proposal=7), True),
    ],
)
def test_declared_conflicts_apply_to_what_they_name(conflict: Conflict, applies: bool) -> None:
    reviewer = Reviewer(1, BRANCH, conflicts=(conflict,))
    assert codes(reviewer, proposal(TEAM)) == ([conflict.kind] if applies else [])


def test_a_proposal_without_a_leader_matches_no_undefined_person() -> None:
    nobody = Candidate(7, (OFFICE,), frozenset())
    assert codes(Reviewer(1, BRANCH, conflicts=(Conflict("interest", unit=99),)), nobody) == []


def test_a_reviewer_may_have_several_reasons_at_once() -> None:
    declared = (Conflict("kinship", person=70), Conflict("self", proposal=7))
    reviewer = Reviewer(9, BRANCH, conflicts=declared, subordinates=frozenset({72}))
    candidate = proposal(OFFICE, avoid=frozenset({9}))
    assert codes(reviewer, candidate) == ["superior", "avoided", "kinship", "self"]


def test_each_reason_is_plain_and_listed_once() -> None:
    twice = Reviewer(
        1, OFFICE, conflicts=(Conflict("kinship", person=70), Conflict("kinship", person=71))
    )
    assert [reason.text for reason in reasons(twice, proposal(OFFICE))] == [
        "与申报单位为同一单位",
        "已申报与项目人员有亲属关系",
    ]


def test_meaningless_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Conflict("dislike", person=1)
    with pytest.raises(ValueError, match="names a person"):
        Conflict("kinship")
    with pytest.raises(ValueError, match="unit path"):
        reasons(Reviewer(1, ()), proposal(OFFICE))


def test_the_name_of_a_member_without_account_keeps_out() -> None:
    candidate = proposal(OFFICE, names=frozenset({"评委甲", ""}))
    assert codes(Reviewer(1, BRANCH, name="评委甲"), candidate) == ["same_name"]
    assert codes(Reviewer(1, BRANCH, name="评委乙"), candidate) == []
    assert codes(Reviewer(1, BRANCH), candidate) == []


def test_the_office_reviews_nothing_that_names_whom_to_avoid() -> None:
    clerk, candidate = Reviewer(1, BRANCH, in_office=True), proposal(TEAM, asks_to_avoid=True)
    assert codes(clerk, candidate) == ["reads_avoided"]
    assert codes(clerk, proposal(TEAM)) == codes(Reviewer(1, BRANCH), candidate) == []
