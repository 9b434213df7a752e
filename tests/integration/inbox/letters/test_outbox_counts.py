"""The numbers beside the outbox are those of the letters that its reader may have there."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import select

from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.inbox.letters.access import outbox_condition
from lab.inbox.letters.queries import count_by_state
from lab.inbox.models.letters import Letter
from lab.policy import OFFICE, Actor
from tests.support.builders.calls import open_call
from tests.support.builders.letters import drafted
from tests.support.builders.proposals import check, returned_proposal, submitted_proposal
from tests.support.cast import Cast


def test_letters_kept_from_a_clerk_are_not_counted(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    returned_proposal(cast, open_call(cast))
    check(submitted_proposal(cast, open_call(cast, batch=2)), cast, "passed", send=False)
    drafted(cast, cast.office2)
    void = drafted(cast, cast.stranger)
    letters.void_letter(void, void.version, cast.office, "重复。")
    db.session.commit()
    numbers = {}
    for clerk in (cast.office, cast.office2, cast.leader, cast.partner):
        reader = Actor(clerk, frozenset({OFFICE}), cast.post_root)
        shown = {count.state.code: count.number for count in count_by_state(reader, {})}
        assert shown == Counter(
            db.session.scalars(select(Letter.status).where(outbox_condition(reader)))
        )
        narrowed = {"mail": "", "kind": "check_returned"}
        by_kind = {count.state.code: count.number for count in count_by_state(reader, narrowed)}
        of_kind = select(Letter.status).where(Letter.kind == "check_returned")
        assert by_kind == Counter(db.session.scalars(of_kind.where(outbox_condition(reader))))
        numbers[clerk] = sum(number or 0 for number in shown.values())
    assert numbers == {cast.office: 4, cast.office2: 3, cast.leader: 2, cast.partner: 2}
