"""Pages that show figures: the laboratory's totals and one project's history."""

from __future__ import annotations

from flask import g, render_template, request

from lab.indicators.access import load_project_figures, may_see_unconfirmed
from lab.indicators.blueprint import bp
from lab.indicators.figures import columns, queries_page
from lab.policy import OFFICE
from lab.portfolio.models.project import Project
from lab.portfolio.pages.queries import call_choices
from lab.portfolio.pages.views import read_day
from lab.web.fields import DateField, SelectField
from lab.web.forms import Form
from lab.web.request.guards import actor, guard


class TotalsForm(Form):
    """Batch and cut-off day of the figures; read from the address."""

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
    office = OFFICE in actor().roles
    page = queries_page.totals_page(day, form.call.data, early=early, office=office)
    return render_template("indicators/figures/index.html", columns=columns, page=page, form=form)


@bp.get("/projects/<key>/indicators")
@guard("indicator.view", load_project_figures)
def history_page(project: Project) -> str:
    page = queries_page.history_page(
        project,
        request.args.get("of", ""),
        confirmed_only=not may_see_unconfirmed(g.resource),
    )
    return render_template("indicators/figures/history.html", columns=columns, page=page)
