"""Passwords: argon2id and the rules of the chosen profile."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _hasher.hash("no such person")
HISTORY_LENGTH, DAYS_VALID = 5, 90
COMMON = frozenset(
    (
        *("password123", "1234567890", "qwertyuiop", "admin123456", "abcdefghij"),
        *("0123456789", "passw0rd123", "qwerty123456", "woaini1314", "a123456789"),
        *("youzheng2022", "yinhang2022", "administrator", "password1234"),
    )
)


def hash_password(password: str) -> str:
    """Return an argon2id hash (19 MiB, 2 passes). Deliberately slow: never inside a transaction."""
    return _hasher.hash(password)


def password_matches(stored: str, password: str) -> bool:
    """Return whether the password matches the hash.

    An empty hash takes as long and never matches.
    """
    try:
        return _hasher.verify(stored or _DUMMY, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _classes(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    return sum(any(test(c) for c in password) for test in tests)


def password_problem(profile: str, password: str, name: str) -> str:
    """Return the first rule of the profile that a new password breaks, in Chinese; "" for none.

    dengbao: at least 10 characters, 3 of 4 classes, not containing the sign-in name. asvs: at least
    12 characters, not a common one.
    """
    if len(password) > 128:
        return "密码不能超过128个字符。"
    if name and name.lower() in password.lower():
        return "密码不能包含登录名。"
    if password.lower() in COMMON or len(set(password)) < 5:
        return "密码过于简单，请换一个。"
    if profile == "asvs":
        return "" if len(password) >= 12 else "密码至少12个字符。"
    if len(password) < 10:
        return "密码至少10个字符。"
    return "" if _classes(password) >= 3 else "密码须含大写字母、小写字母、数字、符号中的三类。"
