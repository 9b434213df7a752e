"""The month in words."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from lab.db import Clash
from lab.errors import Refused
from lab.extensions import db
from lab.indicators import service
from lab.indicators.access import Month, load_month
from lab.indicators.forms import MonthTextForm
from lab.indicators.models import ProgressReport
from lab.indicators.month_text import TEXTS
from lab.indicators.views import bp
from lab.web.clash import clash_page
from lab.web.forms import show_refusal
from lab.web.guards import guard

Answer = Response | tuple[str, int]


def _stored(here: Month) -> ProgressReport | None:
    return db.session.scalar(
        select(ProgressReport).where(
            ProgressReport.project_id == here.project.id,
            ProgressReport.period_end == here.end,
        )
    )


def _page(here: Month, form: MonthTextForm, report: ProgressReport | None) -> str:
    return render_template(
        "indicators/text.html", project=here.project, here=here, form=form, report=report
    )


@bp.get("/projects/<key>/indicators/text/<period>")
@guard("indicator.view", load_month)
def month_text(here: Month) -> str:
    report = _stored(here)
    data = {name: getattr(report, name) for name in TEXTS} if report else {}
    version = report.version if report else 0
    return _page(here, MonthTextForm(data={**data, "version": version}), report)


@bp.post("/projects/<key>/indicators/text/<period>")
@guard("indicator.enter", load_month)
def save_month_text(here: Month) -> Answer:
    form = MonthTextForm()
    if not form.validate():
        return _page(here, form, _stored(here)), 422
    hand_in = "hand_in" in request.form
    texts = {name: form[name].data or "" for name in TEXTS}
    try:
        service.save_report(
            here.project, here.end, form.version.data, texts, g.person.id, hand_in=hand_in
        )
    except Refused as error:
        show_refusal(form, error)
        return _page(here, form, _stored(here)), 422
    except Clash:
        stored = _stored(here)
        values = {name: getattr(stored, name) if stored else "" for name in TEXTS}
        address = url_for("indicators.month_text", key=here.project.key, period=here.code)
        return clash_page(form, values, stored.version if stored else 0, address)
    flash("月报已提交。" if hand_in else "月报草稿已保存。", "success")
    return redirect(url_for("indicators.month_text", key=here.project.key, period=here.code), 303)
