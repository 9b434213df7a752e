"""Which project is responsible for a merchant that takes part in several (主责项目)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from lab.db import EditConflict
from lab.rejected import Rejected
from lab.scenarios import queries_shared, service
from lab.scenarios.access import OneMerchant, load_merchant
from lab.scenarios.forms import MainProjectForm
from lab.scenarios.views import Answer, bp
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import guard


@bp.get("/scenarios/shared")
@guard("merchant.compare")
def shared() -> str:
    return render_template("scenarios/shared.html", rows=queries_shared.namesakes())


@bp.get("/projects/<key>/merchants/<merchant_key>/main")
@guard("merchant.link", load_merchant)
def main_project(found: OneMerchant) -> str:
    form = MainProjectForm(data={"version": found.merchant.version})
    return _page(found, form)


@bp.post("/projects/<key>/merchants/<merchant_key>/main")
@guard("merchant.link", load_merchant)
def save_main_project(found: OneMerchant) -> Answer:
    form = MainProjectForm()
    _offer(found, form)
    if not form.validate():
        return _page(found, form), 422
    chosen = form.same_as.data
    main = queries_shared.main_of(chosen) if chosen else None
    try:
        service.link(found.merchant, form.version.data, main)
    except Rejected as error:
        show_rejection(form, error)
        return _page(found, form), 422
    except EditConflict as clash:
        return conflict_page(form, {}, clash.obj.version, _list())
    flash("主责项目已保存，汇总时按1户计。" if main else "已改为在本项目单独计数。", "success")
    return redirect(_list(), 303)


def _list() -> str:
    return url_for("scenarios.shared")


def _words() -> str:
    return request.args.get("q", "").replace("\x00", "").strip()[:60]


def _offer(found: OneMerchant, form: MainProjectForm) -> list[queries_shared.SharedRow]:
    rows = list(queries_shared.candidates(found.merchant, _words()))
    form.same_as.choices = [
        (row.key, f"{row.project}：{row.name}（{row.scenario}，{row.outlets}个门店）")
        for row in rows
    ]
    return rows


def _page(found: OneMerchant, form: MainProjectForm) -> str:
    rows = _offer(found, form)
    present = found.merchant.same_as_id
    if request.method == "GET" and present is not None and rows:
        form.same_as.data = rows[0].key
    return render_template(
        "scenarios/main_project.html",
        project=found.project,
        merchant=found.merchant,
        form=form,
        words=_words(),
        found=len(rows),
    )
