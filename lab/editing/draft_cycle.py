"""The cycle of a page that stores what was typed even while something in it is wrong.

It stands on the cycle of every edit page (see lab.web.pages.edit_cycle). What differs: the service
is called although the form did not pass; the page comes back with its messages (422) and what
could be read is stored all the same; the page itself may send its form while somebody types, and
is answered in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, make_response

from lab.editing import responses
from lab.errors import wants_json
from lab.posts.redirects import show_first_time_only
from lab.web.forms import EditForm
from lab.web.pages.edit_cycle import Answer, Conflict, NotSaved, Saved, attempt, invalid
from lab.web.request.guards import commit_on_error


@dataclass(frozen=True)
class DraftSaved:
    """What a save left behind.

    `version` is the document's from here on. `complete`: whether nothing has to be put right
    first; if not, the form carries the messages. `message` is shown on the next page, `steps` are
    the marks of the form's steps that the page's script shows, by place from 0.
    """

    version: int
    complete: bool
    message: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)


def handle_draft(
    form: EditForm,
    *,
    save: Callable[[bool], DraftSaved],
    page: Callable[[], str],
    conflict: Callable[[], Answer],
    done: Callable[[DraftSaved], Answer],
    retain_rejected: Callable[[], DraftSaved] | None = None,
    others: Callable[[], Sequence[str]] = tuple,
    correctable: bool = True,
    autosaves: bool = True,
) -> Response:
    """Answer a sent form that is stored whether valid or not.

    `save` gets whether the form is valid, and stores what could be read. `page`, `conflict`, `done`
    and `correctable` as in `lab.web.pages.edit_cycle.handle_edit`; `others` names who else has the
    document open. `retain_rejected` stores the input that a rule rejected, where `save` of a valid
    form does something else with it. `autosaves`: whether the page's script sends to this address
    too.
    """
    valid = bool(form.validate())
    if autosaves and wants_json():
        return answer_script(form, lambda: save(valid), others)
    if form.is_incomplete():
        return invalid(page())
    outcome = attempt(form, lambda: save(valid))
    if isinstance(outcome, NotSaved) and retain_rejected is not None:
        outcome = attempt(form, retain_rejected)
    if isinstance(outcome, Saved):
        return _answer_saved(form, outcome.result, page, done)
    # What is not even retained belongs to a document that changed meanwhile.
    if isinstance(outcome, Conflict) or retain_rejected is not None:
        return make_response(conflict())
    if not correctable:
        raise outcome.error
    return invalid(page())


def _answer_saved(
    form: EditForm,
    saved: DraftSaved,
    page: Callable[[], str],
    done: Callable[[DraftSaved], Answer],
) -> Response:
    """Go on, or show what is wrong (422); what was stored is committed all the same."""
    if saved.complete:
        return make_response(done(saved))
    commit_on_error()
    show_first_time_only()
    form.rebase(saved.version)
    return invalid(page())


def answer_script(
    form: EditForm, save: Callable[[], DraftSaved], others: Callable[[], Sequence[str]] = tuple
) -> Response:
    """Answer the script that saves while somebody types. Raises Rejected."""
    if form.is_incomplete():
        return make_response(responses.incomplete_response())
    outcome = attempt(form, save)
    if isinstance(outcome, Conflict):
        return make_response(responses.conflict_response(outcome.error))
    if isinstance(outcome, NotSaved):
        raise outcome.error
    saved = outcome.result
    return responses.saved_response(saved.version, form.first_errors(), others(), saved.steps)
