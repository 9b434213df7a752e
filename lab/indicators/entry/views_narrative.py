"""The monthly narrative."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.editing import invalid_input, presence, responses
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.indicators.access import Month, load_month, may_see_unconfirmed
from lab.indicators.blueprint import bp
from lab.indicators.entry import queries_page
from lab.indicators.entry import service_narrative as narrative_service
from lab.indicators.entry.forms import NarrativeForm, NarrativeReviewForm
from lab.indicators.entry.queries import stored_report
from lab.indicators.entry.service_narrative import NARRATIVE_FIELDS
from lab.indicators.models import ProgressReport
from lab.rejected import Rejected
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with, reject_with
from lab.web.request.guards import guard


def _form_path(project_month: Month) -> str:
    return url_for("indicators.narrative", key=project_month.project.key, period=project_month.code)


def _other_editors(project_month: Month, person_id: int) -> list[str]:
    return presence.presence_sentences(_form_path(project_month), person_id)


def _page(
    project_month: Month,
    form: NarrativeForm,
    report: ProgressReport | None,
    confirming: NarrativeReviewForm | None = None,
) -> str:
    version = report.version if report else 0
    others = _other_editors(project_month, g.person.id)
    return render_template(
        "indicators/entry/narrative.html",
        page=queries_page.narrative_page(
            project_month, report, unconfirmed=may_see_unconfirmed(g.resource), others=others
        ),
        form=form,
        confirming=confirming or NarrativeReviewForm(data={"version": version}),
    )


@bp.get("/projects/<key>/indicators/text/<period>")
@guard("indicator.view", load_month)
def narrative(project_month: Month) -> str:
    report = stored_report(project_month)
    data = {name: getattr(report, name) for name in NARRATIVE_FIELDS} if report else {}
    form = NarrativeForm(data={**data, "version": report.version if report else 0})
    invalid_input.show_invalid_input(form, report.invalid_input if report else {})
    return _page(project_month, form, report)


@bp.post("/projects/<key>/indicators/text/<period>")
@guard("indicator.enter", load_month)
def save_narrative(project_month: Month) -> Response:
    form = NarrativeForm()
    return handle_draft(
        form,
        save=lambda valid: _save(project_month, form, valid=valid),
        page=lambda: _page(project_month, form, stored_report(project_month)),
        conflict=lambda: _conflict_page(project_month, form),
        done=lambda saved: redirect_with(saved.message, _form_path(project_month)),
        others=lambda: _other_editors(project_month, g.person.id),
    )


@bp.post("/projects/<key>/indicators/text/<period>/confirm")
@guard("indicator.confirm_text", load_month)
def confirm_narrative(project_month: Month) -> Response:
    return _decide(project_month, "confirm")


@bp.post("/projects/<key>/indicators/text/<period>/return")
@guard("indicator.confirm_text", load_month)
def return_narrative(project_month: Month) -> Response:
    return _decide(project_month, "return")


def _decide(project_month: Month, how: str) -> Response:
    form, report = NarrativeReviewForm(), stored_report(project_month)
    if report is None:
        raise Rejected("月报还没有提交。")
    message = "月报已确认。" if how == "confirm" else "月报已退回。"
    return handle_edit(
        form,
        save=lambda: _confirm_or_return(project_month, report, form, how),
        page=lambda: _page(project_month, NarrativeForm(), report, form),
        conflict=reject_with("月报已变化，请刷新后再办理。"),
        done=lambda _: redirect_with(message, _form_path(project_month)),
    )


def _confirm_or_return(
    here: Month, report: ProgressReport, form: NarrativeReviewForm, how: str
) -> None:
    version = form.version.data
    if how == "confirm":
        narrative_service.confirm_narrative(here.project, report, version, g.person.id)
    else:
        reason = form.reason.data or ""
        narrative_service.return_narrative(here.project, report, version, reason)


def _save(project_month: Month, form: NarrativeForm, *, valid: bool) -> DraftSaved:
    submit = valid and "hand_in" in request.form
    report = narrative_service.save_narrative(
        project_month.project,
        project_month.end,
        form.version.data,
        {name: form[name].data or "" for name in NARRATIVE_FIELDS if not form[name].errors},
        g.person.id,
        submit=submit,
        invalid_input=invalid_input.failed_values(form, NARRATIVE_FIELDS),
        tab=responses.editor_tab(_form_path(project_month)),
    )
    waits = submit and report.confirmed_at is None
    done = f"月报已提交{'，等待组长确认' if waits else ''}。"
    return DraftSaved(report.version, valid, done if submit else "月报草稿已保存。")


def _conflict_page(project_month: Month, form: NarrativeForm) -> Response:
    stored = stored_report(project_month)
    values = {name: getattr(stored, name) if stored else "" for name in NARRATIVE_FIELDS}
    return conflict_page(form, values, stored.version if stored else 0, _form_path(project_month))
