"""The actions on a project: one address each, with a page where input is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.portfolio.access import load_project
from lab.portfolio.blueprint import bp
from lab.portfolio.models.project import Project
from lab.portfolio.rules.actions import ACTIONS, ProjectAction
from lab.portfolio.status import service
from lab.portfolio.status.forms import DatedForm, LightForm, NoteForm, StartForm
from lab.portfolio.status.service import EffectiveFrom
from lab.web.forms import ButtonForm, Form
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

DIRECT_ACTIONS: dict[str, Callable[[Project], None]] = {
    "charter": lambda project: service.sign_charter(project, g.person.id),
    "acceptance": service.request_acceptance,
    "close": service.close_project,
}
FORM_ACTIONS: dict[str, Callable[[Project, Any], None]] = {
    "start": lambda project, form: service.start_project(
        project, form.started_on.data, form.why.data or ""
    ),
    "trial": lambda project, form: service.start_trial(project, _since(form)),
    "resume": lambda project, form: service.resume_project(project, _since(form)),
    "land": lambda project, form: service.mark_landed(project, form.reason.data, _since(form)),
    "accept": lambda project, form: service.accept_project(project, form.reason.data, _since(form)),
    "pause": lambda project, form: service.pause_project(project, form.reason.data, _since(form)),
    "terminate": lambda project, form: service.terminate_project(
        project, form.reason.data, _since(form)
    ),
}


def _since(form: Any) -> EffectiveFrom | None:
    """Return the entered day; blank is today."""
    if form.since.data is None and not form.why.data:
        return None
    return EffectiveFrom(form.since.data or clock.today(), form.why.data or "")


def _back(project: Project, message: str) -> Response:
    return redirect_with(message, url_for("portfolio.show", key=project.key))


def _form(action: ProjectAction) -> Form:
    if action.note == "date":
        return StartForm(data={"started_on": clock.today()})
    if not action.note:
        return DatedForm()
    form = NoteForm()
    form.reason.label.text = action.note
    return form


def _page(project: Project, action: ProjectAction, form: Form) -> str:
    return render_template(
        "portfolio/status/action.html", project=project, action=action, form=form
    )


def _add_direct_action(action: ProjectAction) -> None:
    def post(project: Project) -> Response:
        ButtonForm().validate()
        DIRECT_ACTIONS[action.path](project)
        return _back(project, f"已{action.label}。")

    guarded = guard(action.action, load_project)(post)
    bp.add_url_rule(f"/<key>/{action.path}", action.path, guarded, methods=["POST"])


def _add_form_action(action: ProjectAction) -> None:
    def ask(project: Project) -> str:
        return _page(project, action, _form(action))

    def post(project: Project) -> Response:
        form = _form(action)
        return handle_edit(
            form,
            save=lambda: FORM_ACTIONS[action.path](project, form),
            page=lambda: _page(project, action, form),
            done=lambda _: _back(project, f"已{action.label}。"),
        )

    rule = f"/<key>/{action.path}"
    bp.add_url_rule(rule, action.path, guard(action.action, load_project)(ask), methods=["GET"])
    bp.add_url_rule(
        rule, f"do_{action.path}", guard(action.action, load_project)(post), methods=["POST"]
    )


for _act in ACTIONS:
    (_add_form_action if _act.asks else _add_direct_action)(_act)


@bp.get("/<key>/light")
@guard("project.light", load_project)
def light(project: Project) -> str:
    data = {"color": project.light_override, "reason": project.light_reason}
    return _light_page(project, LightForm(data=data))


def _light_page(project: Project, form: LightForm) -> str:
    return render_template("portfolio/status/light.html", project=project, form=form)


@bp.post("/<key>/light")
@guard("project.light", load_project)
def set_light(project: Project) -> Response:
    form = LightForm()
    return handle_edit(
        form,
        save=lambda: service.set_light(project, form.color.data, form.reason.data),
        page=lambda: _light_page(project, form),
        done=lambda _: _back(project, "人工灯色已保存。"),
        correctable=False,
    )


@bp.post("/<key>/light/clear")
@guard("project.light", load_project)
def clear_light(project: Project) -> Response:
    ButtonForm().validate()
    service.clear_light(project)
    return _back(project, "已恢复自动评灯。")
