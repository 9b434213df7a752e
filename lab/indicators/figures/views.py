"""Pages that show figures: the laboratory's totals and one project's history."""

from __future__ import annotations

from datetime import date

from flask import g, render_template, request

from lab import clock
from lab.indicators.access import load_for_figures, sees_unconfirmed
from lab.indicators.approval.queries import returned_rows, waiting_projects
from lab.indicators.blueprint import bp
from lab.indicators.figures import columns
from lab.indicators.figures.corrections import corrected, correction_text
from lab.indicators.figures.history import history, line_option
from lab.indicators.figures.lab_totals import LabTotal, lab_totals, scope_of
from lab.indicators.figures.narratives import narratives_of
from lab.indicators.figures.trend import trend
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.rules.total_rows import published_figures
from lab.policy import OFFICE
from lab.portfolio.models.project import Project
from lab.portfolio.pages.queries import call_choices
from lab.portfolio.pages.views import read_day
from lab.provenance import PROVENANCE_LABELS, PROVENANCES, Provenance
from lab.web.fields import DateField, SelectField
from lab.web.forms import Form
from lab.web.request.guards import actor, guard

CHARTED = "K01"
MOST_NOTES = 50


class TotalsForm(Form):
    """Of which batch and up to which day figures count; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    call = SelectField(label="征集批次", coerce=int, blank="全部批次")
    on = DateField(label="截至")


def _read_form() -> TotalsForm:
    form = TotalsForm(formdata=request.args)
    form.call.choices = call_choices(actor())
    form.validate()
    return form


@bp.get("/indicators")
@guard("indicator.view")
def index() -> str:
    form = _read_form()
    day, early = read_day(form.on, form.call.data)
    groups = [_group(kind, day, form.call.data) for kind in PROVENANCES if not early]
    office = OFFICE in actor().roles
    return render_template(
        "indicators/figures/index.html",
        columns=columns,
        form=form,
        day=day,
        known_at=clock.now(),
        early=early,
        late=[] if early else _late_corrections(day, form.call.data),
        period=months.last_ended(day),
        groups=[group for group in groups if group["totals"]],
        waiting=waiting_projects(EntryStatus.CONFIRMED) if office else (),
        office=office,
    )


def _late_corrections(day: date, call_id: int | None) -> list[str]:
    """The figures of that day that were corrected only after it, for the footnotes of the page."""
    names = scope_of(day, "real", call_id).names
    late = [item for item in corrected(list(names), day) if item.after(day)]
    told = [correction_text(item, names[item.project_id], day) for item in late[:MOST_NOTES]]
    rest = len(late) - len(told)
    return [*told, f"截止日之后另有{rest}项更正"] if rest else told


def _group(provenance: Provenance, day: date, call_id: int | None) -> dict[str, object]:
    """One group of totals with its chart; published, real and demonstration figures stand apart."""
    totals = lab_totals(day, provenance=provenance, call_id=call_id)
    period = months.last_ended(day)
    return {
        "title": PROVENANCE_LABELS[provenance],
        "published": published_figures(totals) if provenance == "fact" else (),
        "totals": totals,
        "listed": [total for total in totals if total.own],
        "year": "本年累计" if period.year == clock.today().year else f"{period.year}年累计",
        "chart": _chart(totals, day, provenance, call_id),
    }


def _chart(
    totals: tuple[LabTotal, ...], day: date, provenance: Provenance, call_id: int | None
) -> dict[str, object] | None:
    if all(total.indicator.code != CHARTED for total in totals):
        return None
    found = trend(scope_of(day, provenance, call_id).ids, [CHARTED], day, provenance=provenance)
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
        "indicators/figures/history.html",
        columns=columns,
        project=project,
        subject=g.subject,
        history=found,
        chosen=chosen,
        option=option,
        returned=returned_rows(project.id),
        texts=narratives_of(project.id, confirmed_only=not sees_unconfirmed(g.subject)),
    )
