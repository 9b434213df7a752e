"""Pages of the office's calendar: a year, its days, import, complete or open."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.db import EditConflict
from lab.rejected import Rejected
from lab.web.forms import ButtonForm, Form, show_rejection
from lab.web.pages.clash import conflict_page
from lab.web.request.guards import guard
from lab.workdays import columns, queries, service
from lab.workdays.forms import DayForm, EditDayForm, RemoveForm, YearForm
from lab.workdays.models import CalendarDay
from lab.workdays.queries import load_day, load_year

bp = Blueprint("workdays", __name__, url_prefix="/workdays")
Page = str | Response | tuple[str, int]


def back_to(year: int) -> Response:
    """To the page of the year."""
    return redirect(url_for("workdays.year", year=year), 303)


@bp.get("")
@guard("workdays.list")
def index() -> str:
    return _year_page(clock.today().year, YearForm())


def _year_page(year: int, form: YearForm) -> str:
    page = queries.year_page(year)
    return render_template("workdays/year.html", columns=columns, page=page, form=form)


@bp.get("/<int:year>")
@guard("workdays.list", load_year)
def year(year: int) -> str:
    return _year_page(year, YearForm())


@bp.post("/<int:year>/complete")
@guard("workdays.edit", load_year)
def complete(year: int) -> Page:
    form = YearForm()
    if form.validate():
        try:
            service.complete_year(year, source=form.source.data, person_id=g.person.id)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash(f"已标明{year}年录全。", "success")
            return back_to(year)
    return _year_page(year, form), 422


@bp.post("/<int:year>/reopen")
@guard("workdays.edit", load_year)
def reopen(year: int) -> Response:
    ButtonForm().validate()
    service.reopen_year(year)
    flash(f"已取消{year}年的录全标记。", "success")
    return back_to(year)


# -- single days -------------------------------------------------------------------------------


def _form_page(form: Form, row: CalendarDay | None, year: int) -> str:
    return render_template(
        "workdays/day.html",
        form=form,
        row=row,
        year=year,
        remove=RemoveForm(formdata=None, data={"version": row.version}) if row else None,
    )


@bp.get("/days/new")
@guard("workdays.edit")
def new() -> str:
    shown = request.args.get("year", type=int) or clock.today().year
    return _form_page(DayForm(), None, shown)


@bp.post("/days/new")
@guard("workdays.edit")
def create() -> Page:
    form = DayForm()
    if form.validate():
        try:
            service.add_day(form.entry(), source=form.source.data, person_id=g.person.id)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash(f"已录入{clock.cn_date(form.day.data)}。", "success")
            return back_to(form.day.data.year)
    return _form_page(form, None, clock.today().year), 422


def _stored(row: CalendarDay) -> dict[str, date | str | int]:
    return {
        "day": row.day,
        "working": "on" if row.working else "off",
        "name": row.name,
        "source": row.source,
    }


@bp.get("/days/<key>")
@guard("workdays.edit", load_day)
def edit(row: CalendarDay) -> str:
    form = EditDayForm(data={**_stored(row), "version": row.version})
    return _form_page(form, row, row.day.year)


@bp.post("/days/<key>")
@guard("workdays.edit", load_day)
def save(row: CalendarDay) -> Page:
    form = EditDayForm()
    if form.validate():
        try:
            service.edit_day(
                row,
                form.version.data,
                form.entry(),
                source=form.source.data,
                person_id=g.person.id,
            )
        except EditConflict:
            back = url_for("workdays.edit", key=row.key)
            return conflict_page(form, _stored(row), row.version, back)
        except Rejected as error:
            show_rejection(form, error)
        else:
            flash("已保存。", "success")
            return back_to(row.day.year)
    return _form_page(form, row, row.day.year), 422


@bp.post("/days/<key>/remove")
@guard("workdays.edit", load_day)
def remove(row: CalendarDay) -> Response:
    form, shown = RemoveForm(), row.day
    form.validate()
    service.remove_day(row, form.version.data)
    flash(f"已删除{clock.cn_date(shown)}的安排。", "success")
    return back_to(shown.year)
