"""The start page of each tier."""

from __future__ import annotations

from flask import Blueprint, render_template

from lab import clock
from lab.calls.pages.queries import open_calls
from lab.home import columns
from lab.home.todo import todos
from lab.policy import APPLICANT, LEADING, OFFICE
from lab.portfolio.pages import queries as portfolio
from lab.portfolio.pages.batch_counts import batch_counts
from lab.web.request.guards import actor, guard

bp = Blueprint("home", __name__)
AHEAD = 8
TROUBLED = ("red", "yellow")


@bp.get("/")
@guard("home.view")
def index() -> str:
    person = actor()
    overview = bool(person.roles & {OFFICE, LEADING})
    rows = portfolio.rows(person) if overview else ()
    return render_template(
        "home/index.html",
        columns=columns,
        todos=todos(person),
        overview=overview,
        batches=batch_counts(rows) if overview else (),
        day=clock.today(),
        known_at=clock.now(),
        troubled=[row for row in rows if row.light.color in TROUBLED][:AHEAD],
        calls=open_calls(person.unit_id) if APPLICANT in person.roles else (),
        staff=person.is_staff,
    )
