"""What an account may do decides who may lay hands on it; the first password of a slip."""

from __future__ import annotations

import re

import pytest

from lab.accounts.rules.wording import describe_facts
from lab.identity.passwords.service_resets import first_password
from lab.identity.rules import passwords
from lab.identity.rules.privileges import (
    BEYOND_REVIEWER,
    PLAIN,
    REVIEWER_ONLY,
    added_privileges,
    contact_for,
    privilege_level,
)


@pytest.mark.parametrize(
    ("roles", "account_level"),
    [
        ("", PLAIN),
        ("applicant", PLAIN),
        ("reviewer", REVIEWER_ONLY),
        ("applicant reviewer", REVIEWER_ONLY),
        ("office", BEYOND_REVIEWER),
        ("reviewer office", BEYOND_REVIEWER),
        ("applicant leading", BEYOND_REVIEWER),
        ("reviewer leading", BEYOND_REVIEWER),
        ("system", BEYOND_REVIEWER),
        ("security", BEYOND_REVIEWER),
        ("audit", BEYOND_REVIEWER),
    ],
)
def test_the_highest_role_decides_who_releases(roles: str, account_level: str) -> None:
    assert privilege_level(roles.split()) == account_level


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        ("", "applicant", ""),
        ("applicant", "applicant reviewer", "reviewer"),
        ("reviewer", "applicant", ""),
        ("reviewer office", "reviewer", ""),
        ("office", "leading", "leading"),
        ("", "reviewer office leading", "reviewer office leading"),
    ],
)
def test_only_a_role_above_applicant_that_is_new_counts(
    before: str, after: str, added: str
) -> None:
    assert added_privileges(before.split(), after.split()) == frozenset(added.split())


@pytest.mark.parametrize(
    ("roles", "whom"),
    [
        ("", "实施办公室"),
        ("applicant", "实施办公室"),
        ("applicant reviewer", "实施办公室"),
        ("office", "系统管理员"),
        ("reviewer office", "系统管理员"),
        ("leading", "系统管理员"),
        ("system", "其他系统管理员或服务器管理员"),
        ("security", "系统管理员"),
        ("audit", "系统管理员"),
    ],
)
def test_everybody_is_sent_to_who_looks_after_the_account(roles: str, whom: str) -> None:
    assert contact_for(roles.split()) == whom


def test_first_passwords_fit_the_rules_and_never_repeat() -> None:
    made = [first_password() for _ in range(200)]
    assert len(set(made)) == 200
    for word in made:
        assert re.fullmatch(
            r"[A-HJ-NP-Za-hj-km-np-z2-9]{4}(-[A-HJ-NP-Za-hj-km-np-z2-9]{4}){3}", word
        )
        assert passwords.password_problem("dengbao", word, "zhangsan") == ""
        assert passwords.password_problem("asvs", word, "zhangsan") == ""


def test_frozen_facts_read_as_text_without_keys() -> None:
    facts = {
        "unit_id": 7,
        "unit": "邮储丰台支行",
        "roles": ["reviewer", "applicant"],
        "state": "disabled",
        "password_at": "2022-07-01T02:00:00+00:00",
    }
    assert describe_facts(facts) == (
        ("单位", "邮储丰台支行"),
        ("角色", "申报人、评委"),
        ("账号状态", "停用"),
        ("密码", "2022年7月1日 10:00设置"),
    )
