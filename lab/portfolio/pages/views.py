"""The portfolio's list and each project's page."""

from __future__ import annotations

from datetime import date

from flask import g, render_template, request

from lab import clock
from lab.policy import LEADING, OFFICE
from lab.portfolio.access import load_project
from lab.portfolio.blueprint import bp
from lab.portfolio.core import extension_points
from lab.portfolio.core.extension_points import Attention
from lab.portfolio.core.state_log import assumed_note, state_log
from lab.portfolio.models.project import Project
from lab.portfolio.pages import columns, queries
from lab.portfolio.pages.batch_counts import batch_counts
from lab.portfolio.pages.late_records import late_notes
from lab.portfolio.pages.queries_project import ProjectPage
from lab.portfolio.rules.actions import ACTIONS, NEXT_GATE, way
from lab.portfolio.rules.lifecycle import PROJECT
from lab.portfolio.rules.status_light import LABELS
from lab.web.fields import DateField, SelectField
from lab.web.forms import Form
from lab.web.pages.pagination import paginate_list
from lab.web.request.guards import actor, can, guard


class FilterForm(Form):
    """What the list is narrowed to; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    call = SelectField(label="征集批次", coerce=int, blank="全部批次")
    state = SelectField(
        label="状态", choices=[(s.code, s.label) for s in PROJECT.states], blank="全部状态"
    )
    light = SelectField(label="灯色", choices=list(LABELS.items()), blank="全部灯色")
    on = DateField(label="截至")


def read_filters(calls: list[tuple[str, str]]) -> FilterForm:
    """The filter form as the address fills it; what cannot be read counts as blank."""
    form = FilterForm(formdata=request.args)
    form.call.choices = calls
    form.validate()
    return form


def read_day(field: DateField, call_id: int | None = None) -> tuple[date, bool]:
    """The day a page shows: the one asked for, never after today; and whether nothing is known of
    it yet, which the field then says."""
    today = clock.today()
    day = min(field.data or today, today)
    if field.data is not None and field.data > today:
        field.errors = [*field.errors, "截至日期不能晚于今天，现按今天列出。"]
    refusal = queries.too_early(actor(), day, call_id) if day < today else ""
    if refusal:
        field.errors = [*field.errors, refusal]
    return day, bool(refusal)


def sees_all() -> bool:
    """Whether the reader sees every project, not a team's own."""
    return bool(actor().roles & {OFFICE, LEADING})


@bp.get("/")
@guard("project.list")
def index() -> str:
    form = read_filters(queries.call_choices(actor()))
    chosen = queries.Filters(form.call.data, form.state.data or "", form.light.data or "")
    day, early = read_day(form.on, chosen.call_id)
    found = queries.portfolio(actor(), chosen, day)
    page = paginate_list(found.rows, request.args, size=50)
    whole = sees_all()
    return render_template(
        "portfolio/pages/index.html",
        columns=columns,
        form=form,
        batches=()
        if early
        else batch_counts(found.every, day, whole=whole, call_id=chosen.call_id),
        whole=whole,
        page=page,
        day=day,
        past=day.isoformat() if day < clock.today() else None,
        early=early,
        known_at=clock.now(),
        assumed=assumed_note({row.id: row.name for row in page.items}, day),
        late=late_notes({row.id: row.name for row in page.items}, day),
        filtered=any((chosen.call_id, chosen.state, chosen.light)),
    )


@bp.get("/<key>")
@guard("project.view", load_project)
def show(project: Project) -> str:
    page = queries.project_page(project)
    return render_template(
        "portfolio/pages/show.html",
        columns=columns,
        project=page,
        subject=g.subject,
        way=way(page.state.code, page.published_state.code if page.published_state else None),
        next_gate=NEXT_GATE[page.state.code],
        acts=[act for act in ACTIONS if can(act.action, g.subject)],
        attention=_attention(page),
        panels=extension_points.panels(page.id, page.key, g.subject),
        states=state_log(page.id),
    )


def _attention(page: ProjectPage) -> list[Attention]:
    """What the page shows first: grounds of the light, then what other features ask."""
    grounds = [
        Attention(reason.color, reason.message)
        for reason in page.light.reasons
        if reason.color in ("red", "yellow")
    ]
    return [*grounds, *extension_points.attention(page.id, page.key, g.subject)]
