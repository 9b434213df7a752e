"""Pages that show figures: the laboratory's totals and one project's history."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, g, render_template, request

from lab import clock
from lab.indicators import months
from lab.indicators.access import load_for_figures
from lab.indicators.history import history, line_option
from lab.indicators.lab_totals import LabTotal, lab_totals, total_series
from lab.indicators.texts import month_texts
from lab.indicators.waiting import returned_rows, waiting_projects
from lab.policy import OFFICE
from lab.portfolio.models import Project
from lab.portfolio.queries import rows
from lab.web import nav
from lab.web.fields import DateField
from lab.web.forms import Form
from lab.web.guards import actor, guard

bp = Blueprint("indicators", __name__)
nav.register(
    section="指标数据",
    label="指标汇总",
    endpoint="indicators.index",
    action="indicator.view",
    order=500,
)
CHARTED = "K01"


class CutoffForm(Form):
    """The day up to which figures count; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    on = DateField(label="截至")


def _cutoff() -> tuple[CutoffForm, date]:
    form = CutoffForm(formdata=request.args)
    form.validate()
    today = clock.today()
    return form, min(form.on.data or today, today)


@bp.get("/indicators")
@guard("indicator.view")
def index() -> str:
    form, day = _cutoff()
    groups = [_group("业务数据", day, is_demo=False), _group("演示数据", day, is_demo=True)]
    office = OFFICE in actor().roles
    return render_template(
        "indicators/index.html",
        form=form,
        day=day,
        period=months.last_ended(day),
        groups=[group for group in groups if group["totals"]],
        waiting=waiting_projects("confirmed") if office else (),
        office=office,
    )


def _group(title: str, day: date, *, is_demo: bool) -> dict[str, object]:
    """One group of totals with its chart; demonstration and real figures stand apart."""
    totals = lab_totals(day, is_demo=is_demo)
    return {"title": title, "totals": totals, "chart": _chart(totals, day, is_demo=is_demo)}


def _chart(totals: tuple[LabTotal, ...], day: date, *, is_demo: bool) -> dict[str, object] | None:
    if all(total.indicator.code != CHARTED for total in totals):
        return None
    periods = months.back(months.last_ended(day), 12)
    ids = [row.id for row in rows(actor(), day)]
    values = list(total_series(ids, CHARTED, periods, is_demo=is_demo))
    if sum(value is not None for value in values) < 2:
        return None
    points = list(zip(periods, values, strict=True))
    return {"option": line_option("开立个人钱包数", periods, values), "points": points}


@bp.get("/projects/<key>/indicators")
@guard("indicator.view", load_for_figures)
def history_page(project: Project) -> str:
    found = history(project.id)
    chosen = found.row(request.args.get("of", "")) or next((r for r in found.rows if r.drawn), None)
    option = None
    if chosen is not None and chosen.drawn:
        values = [None if point is None else point.value for point in chosen.points]
        option = line_option(chosen.spec.name, found.periods, values)
    return render_template(
        "indicators/history.html",
        project=project,
        subject=g.subject,
        history=found,
        chosen=chosen,
        option=option,
        returned=returned_rows(project.id),
        texts=month_texts(project.id),
    )
