"""Pages of the office's calendar: a year, its days, import, complete or open."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.web.forms import ButtonForm, Form
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.workdays import service
from lab.workdays.access import load_day, load_year
from lab.workdays.blueprint import bp
from lab.workdays.models import CalendarDay
from lab.workdays.pages import columns, queries
from lab.workdays.pages.forms import (
    DayForm,
    EditDayForm,
    RemoveForm,
    YearForm,
    stored_values,
)
from lab.workdays.rules import is_known_year


def to_year(year: int, message: str) -> Response:
    """Go to the page of the year, where `message` is shown once."""
    return redirect_with(message, url_for("workdays.year", year=year))


@bp.get("")
@guard("workdays.list")
def index() -> str:
    return _year_page(clock.today().year, YearForm())


def _year_page(year: int, form: YearForm) -> str:
    page = queries.year_page(year)
    return render_template("workdays/pages/year.html", columns=columns, page=page, form=form)


@bp.get("/<int:year>")
@guard("workdays.list", load_year)
def year(year: int) -> str:
    return _year_page(year, YearForm())


@bp.post("/<int:year>/complete")
@guard("workdays.edit", load_year)
def complete(year: int) -> Response:
    form = YearForm()
    return handle_edit(
        form,
        save=lambda: service.complete_year(
            year, source=form.source.data, person_id=g.person.id, shown=_shown()
        ),
        page=lambda: _year_page(year, form),
        done=lambda _: to_year(year, f"已标明{year}年录全。"),
    )


@bp.post("/<int:year>/reopen")
@guard("workdays.edit", load_year)
def reopen(year: int) -> Response:
    ButtonForm().validate()
    service.reopen_year(year, shown=_shown())
    return to_year(year, f"已取消{year}年的录全标记。")


def _shown() -> str:
    """Return the fingerprint of the year as it was shown."""
    return request.form.get("shown_year", "")


# -- single days -------------------------------------------------------------------------------


def _new_page(form: Form, year: int) -> str:
    return render_template("workdays/pages/day.html", page=queries.new_day_page(year), form=form)


def _edit_page(form: Form, row: CalendarDay) -> str:
    return render_template("workdays/pages/day.html", page=queries.day_page(row), form=form)


@bp.get("/days/new")
@guard("workdays.edit")
def new() -> str:
    return _new_page(DayForm(), _asked_year())


def _asked_year() -> int:
    """Return the year from whose page the form was opened."""
    asked = request.args.get("year", type=int)
    return asked if asked is not None and is_known_year(asked) else clock.today().year


@bp.post("/days/new")
@guard("workdays.edit")
def create() -> Response:
    form = DayForm()
    return handle_edit(
        form,
        save=lambda: service.add_day(form.entry(), source=form.source.data, person_id=g.person.id),
        page=lambda: _new_page(form, _asked_year()),
        done=lambda _: to_year(form.day.data.year, f"已录入{clock.cn_date(form.day.data)}。"),
    )


@bp.get("/days/<key>")
@guard("workdays.edit", load_day)
def edit(row: CalendarDay) -> str:
    form = EditDayForm(data={**stored_values(row), "version": row.version})
    return _edit_page(form, row)


@bp.post("/days/<key>")
@guard("workdays.edit", load_day)
def save(row: CalendarDay) -> Response:
    form, address = EditDayForm(), url_for("workdays.edit", key=row.key)
    return handle_edit(
        form,
        save=lambda: service.edit_day(
            row,
            form.version.data,
            form.entry(),
            source=form.source.data,
            person_id=g.person.id,
        ),
        page=lambda: _edit_page(form, row),
        conflict=lambda: conflict_page(form, stored_values(row), row.version, address),
        done=lambda _: to_year(row.day.year, "已保存。"),
    )


@bp.post("/days/<key>/remove")
@guard("workdays.edit", load_day)
def remove(row: CalendarDay) -> Response:
    form, shown = RemoveForm(), row.day
    form.validate()
    service.remove_day(row, form.version.data)
    return to_year(shown.year, f"已删除{clock.cn_date(shown)}的安排。")
