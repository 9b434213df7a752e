"""Extensions of a call, and late-entry codes."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from lab import clock
from lab.calls.access import load_call
from lab.calls.blueprint import bp
from lab.calls.deadlines import columns, queries_page, service, service_codes
from lab.calls.deadlines.access import LoadedLateCode, load_code
from lab.calls.deadlines.forms import CodeForm, ExtendForm
from lab.calls.models.call import Call
from lab.calls.rules import late_codes
from lab.identity.core.queries import unit_choices
from lab.posts.redirects import show_once
from lab.web.forms import ButtonForm
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard
from lab.workdays import queries as workdays
from lab.workdays.rules import cn_working_day

CODE_SHOWN = "补报码只显示一次，已显示过。没有抄录的，请在补报码页作废后重新生成。"

# -- more time ---------------------------------------------------------------------------------


def _extend_page(call: Call, form: ExtendForm) -> str:
    page = queries_page.extension_page(call)
    return render_template("calls/deadlines/extend.html", columns=columns, page=page, form=form)


@bp.get("/<key>/extend")
@guard("call.extend", load_call)
def extend_page(call: Call) -> str:
    form = ExtendForm(data={"version": call.version})
    form.unit_id.choices = unit_choices()
    return _extend_page(call, form)


@bp.post("/<key>/extend")
@guard("call.extend", load_call)
def extend(call: Call) -> Response:
    form = ExtendForm()
    form.unit_id.choices = unit_choices()
    form.unit_id.reread()
    return handle_edit(
        form,
        save=lambda: service.extend(
            call,
            form.version.data,
            closes_at=form.closes_at.data,
            reason=form.reason.data,
            unit_id=form.unit_id.data,
        ),
        page=lambda: _extend_page(call, form),
        conflict=lambda: _conflict_page(call, form),
        done=lambda _: redirect_with(
            "已延期，已通知有关申报人。", url_for("calls.show", key=call.key)
        ),
    )


def _conflict_page(call: Call, form: ExtendForm) -> Response:
    back = url_for("calls.extend_page", key=call.key)
    return conflict_page(form, {"closes_at": call.closes_at}, call.version, back)


# -- codes -------------------------------------------------------------------------------------


def _code_form() -> CodeForm:
    last = workdays.count_working_days(clock.today(), late_codes.LONGEST_WORKING_DAYS)
    form = CodeForm(data={"expires_on": last.day})
    form.expires_on.hint = f"{form.expires_on.hint}最迟{cn_working_day(last)}。"
    form.unit_id.choices = unit_choices()
    return form


def _codes_page(call: Call, form: CodeForm) -> str:
    page = queries_page.codes_page(call)
    return render_template("calls/deadlines/codes.html", columns=columns, page=page, form=form)


@bp.get("/<key>/codes")
@guard("call.late_code", load_call)
def codes(call: Call) -> str:
    return _codes_page(call, _code_form())


@bp.post("/<key>/codes")
@guard("call.late_code", load_call)
def make_code(call: Call) -> Response:
    form = _code_form()
    form.unit_id.reread()
    return handle_edit(
        form,
        save=lambda: service_codes.make_code(
            call,
            unit_id=form.unit_id.data,
            reason=form.reason.data,
            expires_on=form.expires_on.data,
        ),
        page=lambda: _codes_page(call, form),
        done=lambda code: _code_page(call, code),
    )


def _code_page(call: Call, code: str) -> Response:
    """Show the code a single time: from its row it cannot be read again."""
    page = render_template("calls/deadlines/code.html", call=call, code=code)
    return show_once(page, again=CODE_SHOWN, back=url_for("calls.codes", key=call.key))


@bp.post("/<key>/codes/<code_key>/revoke")
@guard("call.late_code", load_code)
def revoke_code(late_code: LoadedLateCode) -> Response:
    ButtonForm().validate()
    service_codes.revoke(late_code.call, late_code.row)
    return redirect_with("补报码已作废。", url_for("calls.codes", key=late_code.call.key))
