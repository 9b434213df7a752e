"""Passwords: how they are kept and which are refused."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from lab.identity.rules import passwords


@pytest.fixture(autouse=True)
def as_agreed(agreed_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", agreed_hasher)
    monkeypatch.setattr(passwords, "_DUMMY", agreed_hasher.hash("no such person"))


def test_passwords_are_hashed_with_argon2id_and_a_salt() -> None:
    one, two = (
        passwords.hash_password("Ceshi-2022-mima"),
        passwords.hash_password("Ceshi-2022-mima"),
    )
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != two
    assert passwords.password_matches(one, "Ceshi-2022-mima")
    assert not passwords.password_matches(one, "Ceshi-2022-mimA")


def test_an_account_without_password_lets_nobody_in() -> None:
    assert not passwords.password_matches("", "")
    assert not passwords.password_matches("", "no such person")
    assert not passwords.password_matches("not a hash", "anything")


def test_an_unknown_name_costs_the_same_time_as_a_wrong_password() -> None:
    stored = passwords.hash_password("Ceshi-2022-mima")

    def spent(hashed: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            passwords.password_matches(hashed, "wrong")
            times.append(time.perf_counter() - start)
        return min(times)

    known, unknown = spent(stored), spent("")
    assert unknown > known * 0.5
    assert known > unknown * 0.5


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Aa1-Bb2-C", "10个字符"),
        ("abcdefghijkl", "三类"),
        ("abcdefgh1234", "三类"),
        ("Abcdefghijkl", "三类"),
        ("Wangwu-2022-x", "登录名"),
        ("Aa1Aa1Aa1Aa1", "简单"),
        ("Password123", "简单"),
        ("Aa1-" * 33, "128"),
    ],
)
def test_the_usual_profile_says_what_is_wrong(password: str, fault: str) -> None:
    assert fault in passwords.password_problem("dengbao", password, "wangwu")


@pytest.mark.parametrize("password", ["Ceshi-2022-mima", "abcdefgh-123", "密码Aa123456"])
def test_the_usual_profile_takes_three_of_four_classes(password: str) -> None:
    assert passwords.password_problem("dengbao", password, "wangwu") == ""


def test_the_other_profile_wants_length_and_nothing_common() -> None:
    assert passwords.password_problem("asvs", "correct horse battery", "wangwu") == ""
    assert "12个字符" in passwords.password_problem("asvs", "Aa1-Bb2-Cc3", "wangwu")
    assert "简单" in passwords.password_problem("asvs", "qwerty123456", "wangwu")
