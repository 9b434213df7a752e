"""Whom a letter names, and in which order."""

from __future__ import annotations

from flask import Flask

from tests.support.builders.letters import drafted, rows
from tests.support.cast import Cast


def test_recipients_stand_in_one_order_however_they_were_named(
    both_ctx: Flask, both_cast: Cast
) -> None:
    people = [both_cast.applicant, both_cast.leader, both_cast.member, both_cast.partner]
    for named in (people, people[::-1]):
        letter = drafted(both_cast, *named)
        assert [row.person_id for row in rows(letter.id)] == people
