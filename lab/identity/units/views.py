"""Pages of units: the tree, a new unit, a unit's name."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from lab.identity.access import load_unit
from lab.identity.core import queries as identity_queries
from lab.identity.models.account import SIDES, Unit
from lab.identity.units import columns
from lab.identity.units import queries as units_queries
from lab.identity.units import service as units_service
from lab.identity.units.forms import NewUnitForm, UnitForm
from lab.web.forms import Form
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

bp = Blueprint("units", __name__, url_prefix="/units")


@bp.get("")
@guard("units.list")
def index() -> str:
    return render_template(
        "identity/units/units.html", columns=columns, units=units_queries.unit_tree()
    )


def _new_form() -> NewUnitForm:
    form = NewUnitForm()
    form.parent.choices = [*identity_queries.unit_choices(), *NewUnitForm.top_choices()]
    return form


def _page(form: Form, unit: Unit | None) -> str:
    return render_template("identity/units/unit_form.html", form=form, unit=unit)


@bp.get("/new")
@guard("units.edit")
def new() -> str:
    return _page(_new_form(), None)


@bp.post("/new")
@guard("units.edit")
def create() -> Response:
    form = _new_form()
    return handle_edit(
        form,
        save=lambda: _create(form.name.data, form.parent.data),
        page=lambda: _page(form, None),
        done=lambda unit: redirect_with(f"已建立单位“{unit.name}”。", url_for("units.index")),
    )


def _create(name: str, parent: str) -> Unit:
    if parent in SIDES:
        return units_service.create_unit(name, parent, None)
    return units_service.create_unit(name, units_queries.side_of(int(parent)), int(parent))


@bp.get("/<key>/edit")
@guard("units.edit", load_unit)
def edit(unit: Unit) -> str:
    return _page(UnitForm(obj=unit), unit)


@bp.post("/<key>/edit")
@guard("units.edit", load_unit)
def save(unit: Unit) -> Response:
    form, address = UnitForm(), url_for("units.edit", key=unit.key)
    return handle_edit(
        form,
        save=lambda: units_service.edit_unit(
            unit, form.version.data, name=form.name.data, active=form.active.data
        ),
        page=lambda: _page(form, unit),
        conflict=lambda: conflict_page(form, {"name": unit.name}, unit.version, address),
        done=lambda _: redirect_with("已保存。", url_for("units.index")),
    )
