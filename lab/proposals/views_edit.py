"""Pages on which a proposal is written: begin, the six steps."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.calls.loaders import load_call
from lab.calls.models import Call
from lab.db import Clash
from lab.identity.queries import staff_choices, unit_choices
from lab.policy import REVIEWER
from lab.proposals import drafts, layout, service
from lab.proposals.access import load_proposal
from lab.proposals.completeness import gaps, step_states
from lab.proposals.forms import FORMS
from lab.proposals.layout import Step
from lab.proposals.models import Proposal
from lab.proposals.typed import clean_values, leftovers, restore
from lab.proposals.views import bp
from lab.web.clash import clash_page
from lab.web.forms import ActForm, EditForm
from lab.web.guards import guard, keep_anyway
from lab.web.rows import RowsField, without_row

Page = str | Response | tuple[str, int]
KEPT = "填写的内容已经保存。标红的地方没有通过检查，请改正后再保存。"


# -- begin -------------------------------------------------------------------------------------


@bp.post("/new/<key>")
@guard("proposal.create", load_call)
def create(call: Call) -> Response:
    ActForm().validate()
    proposal = drafts.create_draft(call, g.person)
    return redirect(_address(proposal, layout.STEPS[0]), 303)


# -- steps -------------------------------------------------------------------------------------


def _address(proposal: Proposal, step: Step | None, **extra: Any) -> str:
    if step is None:
        return url_for("proposals.submit_page", key=proposal.key)
    return url_for("proposals.step", key=proposal.key, slug=step.slug, **extra)


def _step(slug: str) -> Step:
    if slug not in layout.BY_SLUG:
        abort(404)
    return layout.BY_SLUG[slug]


def _offer(form: EditForm, slug: str) -> None:
    """Fill in the choices that come from the database."""
    if slug == "basics":
        units, staff = unit_choices(), staff_choices()
        form["unit_id"].choices = form["joint_unit_id"].choices = units
        form["leader_id"].choices = staff
        form["people"].offer("person_id", staff)
    if slug == "files":
        form["avoided"].offer("person_id", staff_choices(REVIEWER))


def _stored(proposal: Proposal, step: Step) -> dict[str, Any]:
    """The stored content of a step, as its form takes it."""
    values = {name: getattr(proposal, name) for name in step.fields if name != "files"}
    for name in layout.ROW_FIELDS:
        if name in values:
            columns = [column.short_name for column in FORMS[step.slug]()[name].columns]
            values[name] = [{c: getattr(row, c) for c in columns} for row in values[name]]
    return values


def _filled(proposal: Proposal, step: Step) -> EditForm:
    """The form with what is stored, and over it what was typed but did not pass the check."""
    stored = _stored(proposal, step)
    form = FORMS[step.slug](formdata=None, data={**stored, "version": proposal.version})
    _offer(form, step.slug)
    unfinished = drafts.leftovers_of(proposal)
    for name in step.fields:
        if name in unfinished:
            restore(form, name, unfinished[name])
            form[name].validate(form)
    if (field := form._fields.get(request.args.get("more", ""))) and isinstance(field, RowsField):
        field.widen(request.args.get("rows", 0, type=int))
    return form


def _page(proposal: Proposal, step: Step, form: EditForm) -> str:
    found = gaps(proposal, drafts.leftovers_of(proposal))
    started = proposal.saved_at != proposal.created_at
    return render_template(
        "proposals/step.html",
        proposal=proposal,
        name=service.title_of(proposal),
        step=step,
        form=form,
        steps=[
            (part.label, state, _address(proposal, part))
            for part, state in step_states(found, started, step.slug)
        ],
        files=drafts.active_files(proposal) if step.slug == "files" else [],
        due_on=service.due_on(proposal) if proposal.status == "returned" else None,
        last=layout.after(step.slug) is None,
        kept=KEPT,
    )


def show_step(proposal: Proposal, step: Step) -> str:
    """The page of a step."""
    return _page(proposal, step, _filled(proposal, step))


def save_step(proposal: Proposal, step: Step) -> Page:
    """Save what was posted: all that passes the check, and as typed what does not."""
    form = FORMS[step.slug](formdata=_posted())
    _offer(form, step.slug)
    passed = form.validate()
    if form.version.errors:
        return _page(proposal, step, form), 422
    try:
        refused = drafts.save(
            proposal,
            form.version.data,
            clean_values(form),
            leftovers=leftovers(form),
            uploads=_uploads(form, step),
            remove=request.form.get("remove", ""),
            person_id=g.person.id,
            step=step.slug,
        )
    except Clash:
        stored = _stored(proposal, step)
        return clash_page(form, stored, proposal.version, _address(proposal, step))
    if refused:
        form["files"].errors = [*form["files"].errors, *refused]
    return _after_save(proposal, step, form, passed and not refused)


def _posted() -> Any:
    posted = without_row(request.form, request.form.get("drop", ""))
    for name, uploads in request.files.lists():
        posted.setlist(name, [*uploads])
    return posted


def _uploads(form: EditForm, step: Step) -> list[Any]:
    if step.slug != "files" or form["files"].errors:
        return []
    return list(form["files"].data)


def _after_save(proposal: Proposal, step: Step, form: EditForm, passed: bool) -> Page:
    asked = request.form
    if "add" in asked or "drop" in asked or (passed and "remove" in asked):
        return redirect(_same_place(proposal, step, form), 303)
    if not passed:
        keep_anyway()
        form.rebase(proposal.version)
        return _page(proposal, step, form), 422
    flash(f"已保存 {clock.beijing(clock.now()):%H:%M}。", "success")
    following = layout.after(step.slug) if "next" in asked else step
    return redirect(_address(proposal, following), 303)


def _same_place(proposal: Proposal, step: Step, form: EditForm) -> str:
    """Back to the rows that a button 加一行 or 删除 belongs to, or to the attachments."""
    more = request.form.get("add", "")
    name = more or request.form.get("drop", "").rpartition("-")[0] or "files"
    if name not in step.fields:
        return _address(proposal, step)
    extra = {"more": more, "rows": len(form[more].rows) + 1} if more in step.fields else {}
    return _address(proposal, step, **extra, _anchor=name)


@bp.get("/<key>/edit/<slug>")
@guard("proposal.edit", load_proposal)
def step(proposal: Proposal) -> str:
    return show_step(proposal, _step(_slug()))


@bp.post("/<key>/edit/<slug>")
@guard("proposal.edit", load_proposal)
def save(proposal: Proposal) -> Page:
    return save_step(proposal, _step(_slug()))


@bp.post("/<key>/edit/files")
@guard("proposal.attach", load_proposal)
def save_files(proposal: Proposal) -> Page:
    return save_step(proposal, layout.BY_SLUG["files"])


def _slug() -> str:
    return str((request.view_args or {})["slug"])
