"""Late entry by a one-time code."""

from __future__ import annotations

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.proposals.blueprint import bp
from lab.proposals.rules.form import schema
from lab.proposals.submission import queries, service_late
from lab.proposals.submission.forms import LateForm
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


def _form(call: Call) -> LateForm:
    form = LateForm()
    form.proposal.choices = queries.own_drafts(call, g.person)
    return form


@bp.get("/late/<key>")
@guard("call.use_code", load_call)
def late_page(call: Call) -> str:
    return _page(call, _form(call))


def _page(call: Call, form: LateForm) -> str:
    return render_template("proposals/submission/late.html", call=call, form=form)


@bp.post("/late/<key>")
@guard("call.use_code", load_call)
def enter_late(call: Call) -> Response:
    form = _form(call)
    form.proposal.reread()
    slug = schema.STEPS[0].slug
    return handle_edit(
        form,
        save=lambda: service_late.redeem_code(
            call, g.person, form.code.data, form.proposal.data or ""
        ),
        page=lambda: _page(call, form),
        done=lambda proposal: redirect_with(
            "补报码已使用。请在有效期内填写并提交，过期不能再提交。",
            url_for("proposals.step", key=proposal.key, slug=slug),
        ),
    )
