"""Merchants of a scenario and their onboarding."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.scenarios import columns, service
from lab.scenarios.access import OneMerchant, OneScenario, load_merchant, load_scenario
from lab.scenarios.forms import MerchantForm, StepForm
from lab.scenarios.queries_page import steps_page
from lab.scenarios.rules import funnel
from lab.scenarios.views import bp, list_address
from lab.web.forms import ButtonForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _page(located: OneScenario | OneMerchant, form: MerchantForm, title: str) -> str:
    return render_template(
        "scenarios/merchant.html", project=located.project, form=form, title=title
    )


@bp.get("/projects/<key>/scenarios/<scenario_key>/merchants/new")
@guard("merchant.edit", load_scenario)
def new_merchant(project_scenario: OneScenario) -> str:
    return _page(project_scenario, MerchantForm(data={"version": 0, "outlets": 1}), "增加商户")


@bp.post("/projects/<key>/scenarios/<scenario_key>/merchants/new")
@guard("merchant.edit", load_scenario)
def create_merchant(project_scenario: OneScenario) -> Response:
    form = MerchantForm()
    return handle_edit(
        form,
        save=lambda: service.add_merchant(project_scenario.scenario, **_data(form)),
        page=lambda: _page(project_scenario, form, "增加商户"),
        done=lambda _: _saved(project_scenario),
    )


def _data(form: MerchantForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "outlets": form.outlets.data,
        "note": form.note.data or "",
    }


def _saved(located: OneScenario | OneMerchant) -> Response:
    return redirect_with("商户已保存。", list_address(located.project))


@bp.get("/projects/<key>/merchants/<merchant_key>/edit")
@guard("merchant.edit", load_merchant)
def edit_merchant(project_merchant: OneMerchant) -> str:
    return _page(project_merchant, MerchantForm(obj=project_merchant.merchant), "编辑商户")


@bp.post("/projects/<key>/merchants/<merchant_key>/edit")
@guard("merchant.edit", load_merchant)
def save_merchant(project_merchant: OneMerchant) -> Response:
    form = MerchantForm()
    return handle_edit(
        form,
        save=lambda: service.edit_merchant(
            project_merchant.merchant, form.version.data, **_data(form)
        ),
        page=lambda: _page(project_merchant, form, "编辑商户"),
        conflict=lambda: _conflict_page(project_merchant, form),
        done=lambda _: _saved(project_merchant),
    )


def _conflict_page(project_merchant: OneMerchant, form: MerchantForm) -> Response:
    stored = {
        name: getattr(project_merchant.merchant, name) for name in ("name", "outlets", "note")
    }
    return conflict_page(
        form, stored, project_merchant.merchant.version, list_address(project_merchant.project)
    )


# -- steps -------------------------------------------------------------------------------------


@bp.get("/projects/<key>/merchants/<merchant_key>/steps")
@guard("merchant.edit", load_merchant)
def steps(project_merchant: OneMerchant) -> str:
    data = {"version": project_merchant.merchant.version, "on": clock.today()}
    return _steps_page(project_merchant, StepForm(data=data))


@bp.post("/projects/<key>/merchants/<merchant_key>/steps")
@guard("merchant.edit", load_merchant)
def record_step(project_merchant: OneMerchant) -> Response:
    form, address = StepForm(), _steps_address(project_merchant)
    return handle_edit(
        form,
        save=lambda: service.record_step(
            project_merchant.merchant,
            form.version.data,
            step=form.step.data,
            on=form.on.data,
            evidence=form.evidence.data or "",
            person_id=g.person.id,
        ),
        page=lambda: _steps_page(project_merchant, form),
        conflict=lambda: conflict_page(form, {}, project_merchant.merchant.version, address),
        done=lambda _: redirect_with(f"已登记“{funnel.step_label(form.step.data)}”。", address),
    )


@bp.post("/projects/<key>/merchants/<merchant_key>/resume")
@guard("merchant.edit", load_merchant)
def resume_merchant(project_merchant: OneMerchant) -> Response:
    ButtonForm().validate()
    service.end_pause(project_merchant.merchant)
    return redirect_with("商户已恢复。", _steps_address(project_merchant))


def _steps_address(project_merchant: OneMerchant) -> str:
    return url_for(
        "scenarios.steps",
        key=project_merchant.project.key,
        merchant_key=project_merchant.merchant.key,
    )


def _steps_page(project_merchant: OneMerchant, form: StepForm) -> str:
    page = steps_page(project_merchant)
    form.step.choices = [(key, funnel.step_label(key)) for key in page.possible]
    if form.step.data not in page.possible and not form.step.errors:
        form.step.data = page.possible[0] if page.possible else None
    return render_template("scenarios/steps.html", columns=columns, page=page, form=form)
