"""Pages of units: the tree, a new unit, a unit's name."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lab.db import EditConflict
from lab.identity.access import load_unit
from lab.identity.core import queries as identity_queries
from lab.identity.models.account import SIDES, Unit
from lab.identity.units import columns
from lab.identity.units import queries as units_queries
from lab.identity.units import service as units_service
from lab.identity.units.forms import NewUnitForm, UnitForm
from lab.rejected import Rejected
from lab.web.forms import show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import guard

bp = Blueprint("units", __name__, url_prefix="/units")
Page = str | Response | tuple[str, int]


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


@bp.get("/new")
@guard("units.edit")
def new() -> str:
    return render_template("identity/units/unit_form.html", form=_new_form(), unit=None)


@bp.post("/new")
@guard("units.edit")
def create() -> Page:
    form = _new_form()
    if form.validate():
        try:
            unit = _create(form.name.data, form.parent.data)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash(f"已建立单位“{unit.name}”。", "success")
            return redirect(url_for("units.index"), 303)
    return render_template("identity/units/unit_form.html", form=form, unit=None), 422


def _create(name: str, parent: str) -> Unit:
    if parent in SIDES:
        return units_service.create_unit(name, parent, None)
    return units_service.create_unit(name, units_queries.side_of(int(parent)), int(parent))


@bp.get("/<key>/edit")
@guard("units.edit", load_unit)
def edit(unit: Unit) -> str:
    return render_template("identity/units/unit_form.html", form=UnitForm(obj=unit), unit=unit)


@bp.post("/<key>/edit")
@guard("units.edit", load_unit)
def save(unit: Unit) -> Page:
    form = UnitForm()
    if form.validate():
        try:
            units_service.edit_unit(
                unit, form.version.data, name=form.name.data, active=form.active.data
            )
        except EditConflict:
            back = url_for("units.edit", key=unit.key)
            return conflict_page(form, {"name": unit.name}, unit.version, back)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash("已保存。", "success")
            return redirect(url_for("units.index"), 303)
    return render_template("identity/units/unit_form.html", form=form, unit=unit), 422
