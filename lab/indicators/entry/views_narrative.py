"""The month in words."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from lab.db import EditConflict
from lab.editing import answers, leftovers, presence
from lab.errors import wants_json
from lab.extensions import db
from lab.indicators.access import Month, load_month, sees_unconfirmed
from lab.indicators.blueprint import bp
from lab.indicators.entry import narrative as narrative_service
from lab.indicators.entry.forms import NarrativeForm, NarrativeReviewForm
from lab.indicators.entry.narrative import TEXTS
from lab.indicators.models import ProgressReport
from lab.indicators.validation.checks import closed
from lab.rejected import Rejected
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import can, commit_on_error, guard

Answer = Response | tuple[str, int] | answers.Answer


def _stored(here: Month) -> ProgressReport | None:
    return db.session.scalar(
        select(ProgressReport).where(
            ProgressReport.project_id == here.project.id,
            ProgressReport.period_end == here.end,
        )
    )


def _form_path(here: Month) -> str:
    return url_for("indicators.narrative", key=here.project.key, period=here.code)


def _other_editors(here: Month, person_id: int) -> list[str]:
    return presence.at(_form_path(here), person_id)


presence.shared("indicators.save_narrative")


def _reads(report: ProgressReport) -> bool:
    """Whether the month's words may be read."""
    if report.confirmed_at is not None:
        return True
    return report.submitted_at is not None and sees_unconfirmed(g.subject)


def _page(
    here: Month,
    form: NarrativeForm,
    report: ProgressReport | None,
    confirming: NarrativeReviewForm | None = None,
) -> str:
    return render_template(
        "indicators/entry/narrative.html",
        project=here.project,
        here=here,
        form=form,
        report=report,
        may_write=can("indicator.enter", g.subject),
        may_confirm=can("indicator.confirm_text", g.subject),
        confirming=confirming
        or NarrativeReviewForm(data={"version": report.version if report else 0}),
        shown=report is not None and _reads(report),
        others=_other_editors(here, g.person.id),
        closed="" if report else closed(here.project, here.end),
    )


@bp.get("/projects/<key>/indicators/text/<period>")
@guard("indicator.view", load_month)
def narrative(here: Month) -> str:
    report = _stored(here)
    data = {name: getattr(report, name) for name in TEXTS} if report else {}
    form = NarrativeForm(data={**data, "version": report.version if report else 0})
    leftovers.show_invalid_input(form, report.leftovers if report else "{}")
    return _page(here, form, report)


@bp.post("/projects/<key>/indicators/text/<period>")
@guard("indicator.enter", load_month)
def save_narrative(here: Month) -> Answer:
    form = NarrativeForm()
    passed = form.validate()
    if form.version.errors:
        return answers.broken() if wants_json() else (_page(here, form, _stored(here)), 422)
    hand_in = passed and "hand_in" in request.form
    try:
        report = _save(here, form, hand_in=hand_in)
    except Rejected as error:
        if wants_json():
            raise
        show_rejection(form, error)
        return _page(here, form, _stored(here)), 422
    except EditConflict:
        return answers.conflict() if wants_json() else _conflict_page(here, form)
    if wants_json():
        others = _other_editors(here, g.person.id)
        return answers.saved(report.version, answers.faults(form), others)
    if not passed:
        commit_on_error()
        form.rebase(report.version)
        return _page(here, form, report), 422
    waits = hand_in and report.confirmed_at is None
    done = f"月报已提交{'，等待组长确认' if waits else ''}。"
    flash(done if hand_in else "月报草稿已保存。", "success")
    return redirect(_form_path(here), 303)


@bp.post("/projects/<key>/indicators/text/<period>/confirm")
@guard("indicator.confirm_text", load_month)
def confirm_narrative(here: Month) -> Answer:
    return _decide(here, "confirm")


@bp.post("/projects/<key>/indicators/text/<period>/return")
@guard("indicator.confirm_text", load_month)
def return_narrative(here: Month) -> Answer:
    return _decide(here, "return")


def _decide(here: Month, how: str) -> Answer:
    form, report = NarrativeReviewForm(), _stored(here)
    if report is None:
        raise Rejected("月报还没有提交。")
    if not form.validate():
        return _page(here, NarrativeForm(), report, form), 422
    try:
        if how == "confirm":
            narrative_service.confirm_narrative(
                here.project, report, form.version.data, g.person.id
            )
        else:
            reason = form.reason.data or ""
            narrative_service.return_narrative(here.project, report, form.version.data, reason)
    except Rejected as error:
        show_rejection(form, error)
        return _page(here, NarrativeForm(), report, form), 422
    except EditConflict:
        raise Rejected("月报已变化，请刷新后再办理。") from None
    flash("月报已确认。" if how == "confirm" else "月报已退回。", "success")
    return redirect(_form_path(here), 303)


def _save(here: Month, form: NarrativeForm, *, hand_in: bool) -> ProgressReport:
    return narrative_service.save_narrative(
        here.project,
        here.end,
        form.version.data,
        {name: form[name].data or "" for name in TEXTS if not form[name].errors},
        g.person.id,
        hand_in=hand_in,
        leftovers=leftovers.failed(form, TEXTS),
        tab=answers.sent_by(_form_path(here)),
    )


def _conflict_page(here: Month, form: NarrativeForm) -> Response:
    stored = _stored(here)
    values = {name: getattr(stored, name) if stored else "" for name in TEXTS}
    return conflict_page(form, values, stored.version if stored else 0, _form_path(here))
