"""The responsible project of a merchant that takes part in several (主责项目)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from lab.scenarios import columns, queries_shared, service
from lab.scenarios.access import OneMerchant, load_merchant
from lab.scenarios.forms import MainProjectForm
from lab.scenarios.queries_page import main_project_page
from lab.scenarios.queries_shared import SharedRow
from lab.scenarios.views import bp
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


@bp.get("/scenarios/shared")
@guard("merchant.compare")
def shared() -> str:
    return render_template(
        "scenarios/shared.html", columns=columns, rows=queries_shared.same_name_merchants()
    )


@bp.get("/projects/<key>/merchants/<merchant_key>/main")
@guard("merchant.link", load_merchant)
def main_project(project_merchant: OneMerchant) -> str:
    form = MainProjectForm(data={"version": project_merchant.merchant.version})
    return _page(project_merchant, form)


@bp.post("/projects/<key>/merchants/<merchant_key>/main")
@guard("merchant.link", load_merchant)
def save_main_project(project_merchant: OneMerchant) -> Response:
    form = MainProjectForm()
    _offer(form, queries_shared.responsible_candidates(project_merchant.merchant, _query()))
    return handle_edit(
        form,
        save=lambda: _link(project_merchant, form),
        page=lambda: _page(project_merchant, form),
        conflict=lambda: conflict_page(form, {}, project_merchant.merchant.version, _list()),
        done=lambda linked: redirect_with(
            "主责项目已保存，汇总时按1户计。" if linked else "已改为在本项目单独计数。", _list()
        ),
    )


def _link(project_merchant: OneMerchant, form: MainProjectForm) -> bool:
    """Whether another project counts the merchant from here on."""
    key = form.same_as.data
    main = queries_shared.find_merchant(key) if key else None
    service.link_merchant(project_merchant.merchant, form.version.data, main)
    return main is not None


def _list() -> str:
    return url_for("scenarios.shared")


def _query() -> str:
    return request.args.get("q", "").replace("\x00", "").strip()[:60]


def _offer(form: MainProjectForm, candidates: Sequence[SharedRow]) -> None:
    form.same_as.choices = [
        (row.key, f"{row.project}：{row.name}（{row.scenario}，{row.outlets}个门店）")
        for row in candidates
    ]


def _page(project_merchant: OneMerchant, form: MainProjectForm) -> str:
    page = main_project_page(project_merchant, _query())
    _offer(form, page.candidates)
    present = project_merchant.merchant.same_as_id
    if request.method == "GET" and present is not None and page.candidates:
        form.same_as.data = page.candidates[0].key
    return render_template("scenarios/main_project.html", page=page, form=form)
