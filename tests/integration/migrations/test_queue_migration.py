"""Proposals that wait for their check keep their order when the queue gets a column for it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lab import clock
from lab.extensions import db
from lab.proposals.rules.corrections import CORRECTION, FIRST_SUBMISSION, LATE_CORRECTION
from lab.proposals.submission import service as proposals
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import returned_proposal, submitted_proposal
from tests.support.cast import Cast


def test_late_and_first_submissions_are_told_apart(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    ids = [submitted_proposal(both_cast, call).id]
    for days in (0, 3):
        proposal = returned_proposal(both_cast, call, due_on=clock.today())
        with clock.freeze(clock.now() + timedelta(days=days)):
            proposals.submit(proposal, both_cast.applicant, pledged=True)
        db.session.commit()
        ids.append(proposal.id)
    wanted = [FIRST_SUBMISSION, CORRECTION, LATE_CORRECTION]
    assert ranks(ids) == wanted
    downgrade(revision="0011")
    upgrade()
    assert ranks(ids) == wanted


def ranks(ids: list[int]) -> list[int]:
    rows = db.session.execute(text("SELECT id, queue_rank FROM proposal"))
    found = {row.id: row.queue_rank for row in rows}
    db.session.remove()
    return [found[number] for number in ids]
