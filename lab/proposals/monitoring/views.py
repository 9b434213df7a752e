"""The office's overview of a call: progress of the units, and 催办."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.proposals.monitoring import columns, queries, queries_page, queries_reminders, service
from lab.proposals.monitoring.forms import RemindForm, remind_form
from lab.proposals.rules.overview import UnitRow
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard

bp = Blueprint("overview", __name__, url_prefix="/calls/<key>/overview")


@bp.get("")
@guard("call.overview", load_call)
def show(call: Call) -> str:
    page = queries_page.call_overview(call, request.args)
    return render_template("proposals/monitoring/overview.html", columns=columns, page=page)


@bp.get("/drafts")
@guard("call.overview", load_call)
def drafts(call: Call) -> str:
    page = queries.list_drafts(call, request.args)
    return render_template(
        "proposals/monitoring/drafts.html",
        columns=columns,
        call=call,
        page=page,
    )


@bp.get("/reminders")
@guard("call.overview", load_call)
def reminders(call: Call) -> str:
    page = queries_reminders.reminders(call, request.args)
    return render_template(
        "proposals/monitoring/reminders.html", columns=columns, call=call, page=page
    )


# -- 催办 ----------------------------------------------------------------------------------------


def _remind_page(call: Call, form: RemindForm, rows_to_remind: Sequence[UnitRow]) -> str:
    return render_template(
        "proposals/monitoring/remind.html", call=call, form=form, remindable=rows_to_remind
    )


def _rows_to_remind(call: Call) -> list[UnitRow]:
    return [row for row in queries.unit_rows(call) if row.reminder_kind]


@bp.get("/remind")
@guard("call.remind", load_call)
def remind_page(call: Call) -> str:
    rows_to_remind = _rows_to_remind(call)
    selectable = [row.key for row in rows_to_remind if row.reminded is None]
    return _remind_page(
        call, remind_form(rows_to_remind, formdata=None, data={"units": selectable}), rows_to_remind
    )


@bp.post("/remind")
@guard("call.remind", load_call)
def remind(call: Call) -> Response:
    rows_to_remind = _rows_to_remind(call)
    form = remind_form(rows_to_remind)
    return handle_edit(
        form,
        save=lambda: service.remind(call, set(form.units.data), g.person),
        page=lambda: _remind_page(call, form, rows_to_remind),
        done=lambda count: redirect_with(
            f"已催办{count}个单位，已通知申报人。", url_for("overview.show", key=call.key)
        ),
    )
