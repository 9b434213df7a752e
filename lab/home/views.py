"""The start page of each tier."""

from __future__ import annotations

from flask import Blueprint, render_template

from lab.calls.queries import open_calls
from lab.home.todo import todos
from lab.policy import APPLICANT, LEADING, OFFICE
from lab.portfolio import queries as portfolio
from lab.portfolio.queries import Filters
from lab.web import nav
from lab.web.guards import actor, guard

bp = Blueprint("home", __name__)
nav.register(section="工作台", label="首页", endpoint="home.index", action="home.view", order=100)
AHEAD = 8


@bp.get("/")
@guard("home.view")
def index() -> str:
    person = actor()
    overview = None
    if person.roles & {OFFICE, LEADING}:
        overview = portfolio.portfolio(person, Filters())
    return render_template(
        "home/index.html",
        todos=todos(person),
        overview=overview,
        troubled=[row for row in overview.rows if row.light.color in ("red", "yellow")][:AHEAD]
        if overview
        else [],
        calls=open_calls(person.unit_id) if APPLICANT in person.roles else (),
        staff=person.is_staff,
    )
