"""The project list and each project's page."""

from __future__ import annotations

from datetime import date

from flask import g, render_template, request

from lab import clock
from lab.portfolio.access import load_project
from lab.portfolio.blueprint import bp
from lab.portfolio.models.project import Project
from lab.portfolio.pages import columns, queries, queries_page
from lab.portfolio.rules.actions import ACTIONS
from lab.portfolio.rules.lifecycle import PROJECT
from lab.portfolio.rules.status_light import LABELS
from lab.web.fields import DateField, SelectField
from lab.web.forms import Form
from lab.web.request.guards import actor, can, guard


class FilterForm(Form):
    """The list's filters; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    call = SelectField(label="征集批次", coerce=int, blank="全部批次")
    state = SelectField(
        label="状态", choices=[(s.code, s.label) for s in PROJECT.states], blank="全部状态"
    )
    light = SelectField(label="灯色", choices=list(LABELS.items()), blank="全部灯色")
    on = DateField(label="截至")


def read_filters(calls: list[tuple[str, str]]) -> FilterForm:
    """Return the filter form as filled by the address; unreadable values count as blank."""
    form = FilterForm(formdata=request.args)
    form.call.choices = calls
    form.validate()
    return form


def read_day(field: DateField, call_id: int | None = None) -> tuple[date, bool]:
    """Return the day a page shows and whether nothing is known for it yet.

    The requested one, never after today; the field then says that nothing is known.
    """
    today = clock.today()
    day = min(field.data or today, today)
    if field.data is not None and field.data > today:
        field.errors = [*field.errors, "截至日期不能晚于今天，现按今天列出。"]
    refusal = queries.reason_too_early(actor(), day, call_id) if day < today else ""
    if refusal:
        field.errors = [*field.errors, refusal]
    return day, bool(refusal)


@bp.get("/")
@guard("project.list")
def index() -> str:
    form = read_filters(queries.call_choices(actor()))
    filters = queries.Filters(form.call.data, form.state.data or "", form.light.data or "")
    day, early = read_day(form.on, filters.call_id)
    page = queries_page.portfolio_page(actor(), filters, day, request.args, early=early)
    return render_template("portfolio/pages/index.html", columns=columns, page=page, form=form)


@bp.get("/<key>")
@guard("project.view", load_project)
def show(project: Project) -> str:
    actions = [action for action in ACTIONS if can(action.action, g.resource)]
    page = queries_page.project_overview(project, g.resource, actions)
    return render_template("portfolio/pages/show.html", columns=columns, page=page)
