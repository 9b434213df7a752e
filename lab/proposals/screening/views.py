"""The page of a formality check: the document and the checklist."""

from __future__ import annotations

from flask import Response, g, render_template, request, url_for
from markupsafe import Markup

from lab import clock
from lab.calls.rules import check_items
from lab.editing import responses
from lab.editing.draft_cycle import DraftSaved, handle_draft
from lab.inbox.letters import queries as letters_queries
from lab.proposals.access import load_proposal
from lab.proposals.blueprint import checks_bp as bp
from lab.proposals.blueprint import file_url
from lab.proposals.core.content import versions as core_versions
from lab.proposals.core.visibility import contents
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening import checklist
from lab.proposals.screening import queries_page, service
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.proposals.screening.drafts import presence
from lab.proposals.screening.drafts import queries as queries_drafts
from lab.proposals.screening.drafts import service as service_drafts
from lab.proposals.screening.forms import (
    CheckForm,
    check_form,
    form_from_draft,
    form_values,
)
from lab.proposals.screening.queries_page import CheckPage
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import redirect_with
from lab.web.request.guards import actor, guard


def _items(proposal: Proposal) -> tuple[check_items.Item, ...]:
    return check_items.from_plain(proposal.call.check_items)


def _next_url(proposal: Proposal) -> str:
    call_key = request.args.get("call") or None
    return url_for("checks.next_proposal", past=proposal.key, call=call_key)


def _page(proposal: Proposal, form: CheckForm | None = None) -> str:
    page = queries_page.check_page(proposal, actor(), request.args.get("call", ""))
    return render_template(
        "proposals/screening/check.html",
        page=page,
        form=form or _form(page),
        file_url=file_url(proposal),
    )


def _form(page: CheckPage) -> CheckForm:
    """The form as it was left, or an empty one."""
    items, name = _items(page.proposal), contents.numbered_title(page.proposal)
    avoided, draft = avoided_entries(page.proposal), page.draft
    if draft is None:
        form = check_form(items, name, avoided, formdata=None)
    else:
        form = form_from_draft(items, name, queries_drafts.typed_content(draft), avoided)
    form.rebase_on(page.sent.number, draft.version if draft else 0)
    return form


def _posted_form(proposal: Proposal) -> CheckForm:
    name = contents.numbered_title(proposal)
    return check_form(_items(proposal), name, avoided_entries(proposal))


@bp.get("/<key>")
@guard("proposal.check", load_proposal)
def show(proposal: Proposal) -> str:
    return _page(proposal)


@bp.post("/<key>")
@guard("proposal.check", load_proposal)
def record(proposal: Proposal) -> Response:
    form = _posted_form(proposal)
    return handle_draft(
        form,
        save=lambda valid: (_record if valid else _save)(proposal, form),
        page=lambda: _page(proposal, form),
        conflict=lambda: _conflict_page(proposal, form),
        done=lambda saved: redirect_with(saved.message, _next_url(proposal)),
        retain_rejected=lambda: _save(proposal, form),
        autosaves=False,
    )


def _recorded(proposal: Proposal, done: str) -> Markup:
    """Return what was done, with a link to the letter that waits to be sent."""
    letter = url_for("letters.show", key=letters_queries.newest_key("Proposal", proposal.key))
    message = (
        '{}已办理：{}。函件已拟好，<a href="{}">核对并发送</a>，也可以稍后在发件箱一并发送。'
        "发函后申报人才知道结论。"
    )
    return Markup(message).format(proposal.number, done, letter)


def _record(proposal: Proposal, form: CheckForm) -> DraftSaved:
    outcome = form["outcome"].data or ""
    service.record_check(
        proposal,
        None,
        checker_id=g.person.id,
        marks=form.marks(),
        outcome=outcome,
        reason=form.reason_given(),
        due_days=form["due_days"].data,
        reopened=form.reopened_names(),
        shown=form.shown(),
        matches=form.matches(),
    )
    return DraftSaved(0, complete=True, message=_recorded(proposal, checklist.OUTCOMES[outcome]))


def _save(proposal: Proposal, form: CheckForm, *, complete: bool = False) -> DraftSaved:
    """Save the input as the draft, which is `complete` when nothing else was asked for."""
    tab = responses.editor_tab(queries_drafts.form_path(proposal))
    draft = service_drafts.save_draft(proposal, form.shown(), form.typed(request.form), tab)
    message = f"审查草稿已保存 {clock.beijing(draft.saved_at):%H:%M}。"
    return DraftSaved(draft.version, complete, message)


def _conflict_page(proposal: Proposal, form: CheckForm) -> Response:
    """Return the conflict page; continuing saves the draft."""
    newest = core_versions.latest_version(proposal.id)
    draft = queries_drafts.find_draft(proposal, newest)
    stored = form_from_draft(
        form.items,
        contents.numbered_title(proposal),
        queries_drafts.typed_content(draft),
        form.avoided,
    )
    version, back = draft.version if draft else 0, url_for("checks.show", key=proposal.key)
    form.rebase_on(newest, version)
    action = url_for("checks.draft", key=proposal.key)
    return conflict_page(form, form_values(stored), version, back, action)


# -- the draft ---------------------------------------------------------------------------------


@bp.post("/<key>/draft")
@guard("proposal.check_draft", load_proposal)
def draft(proposal: Proposal) -> Response:
    """Save the input: automatically while typing, or by the button without scripts."""
    form = _posted_form(proposal)
    call_key = request.args.get("call") or None
    address = url_for("checks.show", key=proposal.key, call=call_key)
    return handle_draft(
        form,
        save=lambda _: _save(proposal, form, complete=True),
        page=lambda: _page(proposal, form),
        conflict=lambda: _conflict_page(proposal, form),
        done=lambda saved: redirect_with(saved.message, address),
        others=lambda: presence.other_editors(proposal, g.person.id),
        correctable=False,
    )
