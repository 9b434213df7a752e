"""Pages that show figures: the laboratory's totals and one project's history."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, g, render_template, request

from lab import clock
from lab.indicators import months
from lab.indicators.access import load_for_figures
from lab.indicators.history import history, line_option
from lab.indicators.lab_totals import LabTotal, lab_totals, scope_of
from lab.indicators.texts import month_texts
from lab.indicators.trend import trend
from lab.indicators.waiting import returned_rows, waiting_projects
from lab.policy import OFFICE
from lab.portfolio.models import Project
from lab.provenance import PROVENANCE_LABELS, PROVENANCES, Provenance
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
    groups = [_group(provenance, day) for provenance in PROVENANCES]
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


def _group(provenance: Provenance, day: date) -> dict[str, object]:
    """One group of totals with its chart; published, real and demonstration figures stand apart."""
    totals = lab_totals(day, provenance=provenance)
    period = months.last_ended(day)
    return {
        "title": PROVENANCE_LABELS[provenance],
        "published": provenance == "fact",
        "totals": totals,
        "listed": [total for total in totals if total.own],
        "year": "本年累计" if period.year == clock.today().year else f"{period.year}年累计",
        "chart": _chart(totals, day, provenance),
    }


def _chart(
    totals: tuple[LabTotal, ...], day: date, provenance: Provenance
) -> dict[str, object] | None:
    if all(total.indicator.code != CHARTED for total in totals):
        return None
    found = trend(scope_of(day, provenance).ids, [CHARTED], day, provenance=provenance)
    if found is None:
        return None
    (line,) = found.lines
    values = [point.value for point in line.points]
    return {
        "option": line_option("开立个人钱包数", found.ends, values, line.carried),
        "points": list(zip(found.ends, line.points, line.carried, strict=True)),
    }


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
