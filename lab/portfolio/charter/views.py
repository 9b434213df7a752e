"""Edit a project's milestones, team and texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.identity.core.people_search import people_for
from lab.portfolio.access import load_project
from lab.portfolio.blueprint import bp
from lab.portfolio.charter import columns, service, service_supplement
from lab.portfolio.charter.forms import TeamForm, TextsForm, milestones_form
from lab.portfolio.charter.queries_page import milestones_page
from lab.portfolio.charter.service import MemberInput, MilestoneInput
from lab.portfolio.core.supplements import newest_supplement
from lab.portfolio.models.project import Project
from lab.portfolio.pages.queries_project import milestone_rows, team_rows
from lab.portfolio.rules.project_texts import PROJECT_TEXTS
from lab.portfolio.rules.team import TeamRole
from lab.web.fields.rows import changed_rows
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _saved(project: Project, message: str) -> Response:
    return redirect_with(message, url_for("portfolio.show", key=project.key))


def _conflict_page(project: Project, form: Any, stored: Mapping[str, Any]) -> Response:
    back = url_for("portfolio.show", key=project.key)
    return conflict_page(form, stored, project.version, back)


# -- milestones --------------------------------------------------------------------------------


@bp.get("/<key>/milestones")
@guard("project.milestone", load_project)
def milestones(project: Project) -> str:
    return _milestones_page(project, _milestones_form(project))


@bp.post("/<key>/milestones")
@guard("project.milestone", load_project)
def save_milestones(project: Project) -> Response:
    form = _milestones_form(project)
    return handle_edit(
        form,
        save=lambda: service.edit_milestones(
            project, form.version.data, _typed_milestones(project, form)
        ),
        page=lambda: _milestones_page(project, form),
        conflict=lambda: _conflict_page(project, form, _stored_milestones(project)),
        done=lambda _: _saved(project, "里程碑进度已保存。"),
    )


def _typed_milestones(project: Project, form: Any) -> list[MilestoneInput]:
    return [
        MilestoneInput(
            row.key,
            form[f"progress-{row.key}"].data,
            form[f"done_on-{row.key}"].data,
            form[f"note-{row.key}"].data or "",
        )
        for row in milestone_rows(project.id)
    ]


def _milestones_form(project: Project) -> Any:
    return milestones_form(milestone_rows(project.id), project.version)


def _milestones_page(project: Project, form: Any) -> str:
    page = milestones_page(project)
    return render_template(
        "portfolio/charter/milestones.html", columns=columns, page=page, form=form
    )


def _stored_milestones(project: Project) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for row in milestone_rows(project.id):
        stored[f"progress-{row.key}"] = row.progress
        stored[f"done_on-{row.key}"] = row.done_on
        stored[f"note-{row.key}"] = row.note
    return stored


# -- team --------------------------------------------------------------------------------------


@bp.get("/<key>/team")
@guard("project.team", load_project)
def team(project: Project) -> str:
    return _team_page(project, _team_form(project))


@bp.post("/<key>/team")
@guard("project.team", load_project)
def save_team(project: Project) -> Response:
    form = _team_form(project)
    if changed_rows(form, request.form):
        return make_response(_team_page(project, form))
    return handle_edit(
        form,
        save=lambda: _edit_team(project, form),
        page=lambda: _team_page(project, form),
        conflict=lambda: _conflict_page(project, form, _team_data(project)),
        done=lambda _: _saved(project, "项目组已保存。"),
    )


def _edit_team(project: Project, form: TeamForm) -> None:
    leader = MemberInput(form.leader.data, form.leader_duty.data)
    members = [MemberInput(row["person_id"], row["duty"]) for row in form.members.data]
    service.edit_team(project, form.version.data, leader, members)


def _team_data(project: Project) -> dict[str, Any]:
    data: dict[str, Any] = {"leader": None, "leader_duty": "", "members": []}
    for row in team_rows(project.id):
        if row.role == TeamRole.LEADER:
            data |= {"leader": row.person_id, "leader_duty": row.duty}
        else:
            data["members"].append({"person_id": row.person_id, "duty": row.duty})
    return data


def _team_form(project: Project) -> TeamForm:
    stored = _team_data(project)
    form = TeamForm(data={**stored, "version": project.version})
    kept = [stored["leader"], *(row["person_id"] for row in stored["members"])]
    names, ids, sent = form.names_and_ids()
    form.offer(people_for(names, [*ids, *(number for number in kept if number)], sent))
    return form


def _team_page(project: Project, form: TeamForm) -> str:
    return render_template("portfolio/charter/team.html", project=project, form=form)


# -- texts -------------------------------------------------------------------------------------


@bp.get("/<key>/texts")
@guard("project.texts", load_project)
def texts(project: Project) -> str:
    return _texts_page(project, TextsForm(data=_stored_texts(project)))


def _stored_texts(project: Project) -> dict[str, Any]:
    """Return the editable texts: for a published project its supplement."""
    source: Any = newest_supplement(project.id) if project.source_label else project
    stored = {name: getattr(source, name, "") for name in PROJECT_TEXTS}
    return {"version": project.version, **stored}


def _texts_page(project: Project, form: TextsForm) -> str:
    published = [(label, getattr(project, name)) for name, label in PROJECT_TEXTS.items()]
    return render_template(
        "portfolio/charter/texts.html", project=project, form=form, published=published
    )


@bp.post("/<key>/texts")
@guard("project.texts", load_project)
def save_texts(project: Project) -> Response:
    form = TextsForm()
    done = "补充内容已保存。" if project.source_label else "项目材料已保存。"
    return handle_edit(
        form,
        save=lambda: _edit_texts(project, form),
        page=lambda: _texts_page(project, form),
        conflict=lambda: _conflict_page(project, form, _stored_texts(project)),
        done=lambda _: _saved(project, done),
        correctable=False,
    )


def _edit_texts(project: Project, form: TextsForm) -> None:
    typed = {name: form[name].data or "" for name in PROJECT_TEXTS}
    if project.source_label:
        service_supplement.add_supplement(
            project, form.version.data, **typed, person_id=g.person.id
        )
    else:
        service.edit_texts(project, form.version.data, **typed)
