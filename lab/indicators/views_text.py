"""The month in words."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from lab.db import Clash
from lab.editing import answers, leftovers, presence
from lab.errors import Refused, wants_json
from lab.extensions import db
from lab.indicators import service
from lab.indicators.access import Month, load_month
from lab.indicators.forms import MonthTextForm
from lab.indicators.models import ProgressReport
from lab.indicators.month_text import TEXTS
from lab.indicators.views import bp
from lab.web.clash import clash_page
from lab.web.forms import show_refusal
from lab.web.guards import can, guard, keep_anyway

Answer = Response | tuple[str, int] | answers.Answer


def _stored(here: Month) -> ProgressReport | None:
    return db.session.scalar(
        select(ProgressReport).where(
            ProgressReport.project_id == here.project.id,
            ProgressReport.period_end == here.end,
        )
    )


def _place(here: Month) -> str:
    return url_for("indicators.month_text", key=here.project.key, period=here.code)


def _writers(here: Month, person_id: int) -> list[str]:
    return presence.at(_place(here), person_id)


presence.shared("indicators.save_month_text")


def _page(here: Month, form: MonthTextForm, report: ProgressReport | None) -> str:
    return render_template(
        "indicators/text.html",
        project=here.project,
        here=here,
        form=form,
        report=report,
        may_write=can("indicator.enter", g.subject),
        others=_writers(here, g.person.id),
    )


@bp.get("/projects/<key>/indicators/text/<period>")
@guard("indicator.view", load_month)
def month_text(here: Month) -> str:
    report = _stored(here)
    data = {name: getattr(report, name) for name in TEXTS} if report else {}
    form = MonthTextForm(data={**data, "version": report.version if report else 0})
    leftovers.show(form, report.leftovers if report else "{}")
    return _page(here, form, report)


@bp.post("/projects/<key>/indicators/text/<period>")
@guard("indicator.enter", load_month)
def save_month_text(here: Month) -> Answer:
    form = MonthTextForm()
    passed = form.validate()
    if form.version.errors:
        return answers.broken() if wants_json() else (_page(here, form, _stored(here)), 422)
    hand_in = passed and "hand_in" in request.form
    try:
        report = _save(here, form, hand_in=hand_in)
    except Refused as error:
        if wants_json():
            raise
        show_refusal(form, error)
        return _page(here, form, _stored(here)), 422
    except Clash:
        return answers.conflict() if wants_json() else _both_texts(here, form)
    if wants_json():
        others = _writers(here, g.person.id)
        return answers.saved(report.version, answers.faults(form), others)
    if not passed:
        keep_anyway()
        form.rebase(report.version)
        return _page(here, form, report), 422
    flash("月报已提交。" if hand_in else "月报草稿已保存。", "success")
    return redirect(_place(here), 303)


def _save(here: Month, form: MonthTextForm, *, hand_in: bool) -> ProgressReport:
    return service.save_report(
        here.project,
        here.end,
        form.version.data,
        {name: form[name].data or "" for name in TEXTS if not form[name].errors},
        g.person.id,
        hand_in=hand_in,
        leftovers=leftovers.failed(form, TEXTS),
        tab=answers.sent_by(_place(here)),
    )


def _both_texts(here: Month, form: MonthTextForm) -> Response:
    stored = _stored(here)
    values = {name: getattr(stored, name) if stored else "" for name in TEXTS}
    return clash_page(form, values, stored.version if stored else 0, _place(here))
