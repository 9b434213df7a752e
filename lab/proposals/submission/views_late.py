"""Late entry by a one-time code."""

from __future__ import annotations

from flask import g, render_template, url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from lab.calls.access import load_call
from lab.calls.models.call import Call
from lab.extensions import db
from lab.proposals.blueprint import bp
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form import schema
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.submission import service_late
from lab.web.fields import SelectField, TextField
from lab.web.forms import Form
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import guard


class LateForm(Form):
    """The code, and the draft it is redeemed for."""

    code = TextField(
        "补报码", required=True, limit=40, hint="由实施办公室告知，如：ABCD-EFGH-JKMN。"
    )
    proposal = SelectField("用于", blank="新建一份申报书")


def _form(call: Call) -> LateForm:
    form = LateForm()
    form.proposal.choices = own_drafts(call)
    return form


def own_drafts(call: Call) -> list[tuple[str, str]]:
    """Return (key, title) of the drafts for which the current person may redeem a code."""
    person = g.person
    rows = db.session.execute(
        select(Proposal.key, Proposal.title)
        .where(
            Proposal.call_id == call.id,
            Proposal.status == ProposalStatus.DRAFT,
            Proposal.unit_id == person.unit_id,
            or_(Proposal.owner_id == person.id, Proposal.leader_id == person.id),
        )
        .order_by(Proposal.id)
    )
    return [(row.key, f"草稿：{row.title or '未命名'}") for row in rows]


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
