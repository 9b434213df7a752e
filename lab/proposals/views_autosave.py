"""Saving while typing: the page sends its form in the background and is answered in JSON.

The same address takes a sign of life (`beat`), which changes nothing but who is seen where.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, request

from lab import clock
from lab.db import Clash
from lab.proposals import drafts, presence, reopening
from lab.proposals.access import load_proposal
from lab.proposals.drafts import lock
from lab.proposals.layout import Step
from lab.proposals.models import Proposal
from lab.proposals.step_forms import asked_step, posted_form, sender, without
from lab.proposals.typed import clean_values, leftovers
from lab.proposals.views import bp
from lab.web.forms import EditForm
from lab.web.guards import guard

Answer = Response | tuple[Response, int]
CLASH = "此步骤的内容已被他人修改。您的文字还在本页，请点击“保存”，核对两份内容后决定。"
BROKEN = "页面不完整，请把文字复制后重新打开本页。"


@bp.post("/<key>/edit/<slug>/autosave")
@guard("proposal.edit", load_proposal)
def autosave(proposal: Proposal) -> Answer:
    step = asked_step()
    if "beat" in request.form:
        return _beat(proposal, step)
    form = posted_form(proposal, step)
    form.validate()
    if form.version.errors:
        return jsonify(state="broken", text=BROKEN), 422
    return _save(proposal, step, form)


def _beat(proposal: Proposal, step: Step) -> Response:
    lock(proposal)
    presence.touch(proposal, g.person.id, step.slug)
    return jsonify(others=presence.others(proposal, g.person.id))


def _save(proposal: Proposal, step: Step, form: EditForm) -> Answer:
    closed = reopening.shut(step, drafts.open_fields(proposal))
    try:
        drafts.save(
            proposal,
            form.version.data,
            without(closed, clean_values(form)),
            leftovers=without(closed, leftovers(form)),
            person_id=g.person.id,
            step=step.slug,
            sender=sender(step),
            act="proposal.autosave",
        )
    except Clash:
        return jsonify(state="clash", text=CLASH), 409
    return jsonify(
        version=proposal.version,
        saved_at=f"{clock.beijing(clock.now()):%H:%M}",
        errors=_errors(form),
        others=presence.others(proposal, g.person.id),
    )


def _errors(form: EditForm) -> dict[str, Any]:
    """Field -> the first sentence on what did not pass the check."""
    return {
        field.short_name: f"{field.label.text}：{field.errors[0]}"
        for field in form
        if field.errors and field.short_name != "csrf_token"
    }
