"""The cycle of an edit page: check what was sent, save it, or show the page again.

@bp.post("/<key>/edit")
@guard("units.edit", load_unit)
def save(unit: Unit) -> Response:
    form, address = UnitForm(), url_for("units.edit", key=unit.key)
    return handle_edit(
        form,
        save=lambda: service.rename(unit, form.version.data, form.name.data),
        page=lambda: _page(unit, form),
        conflict=lambda: conflict_page(form, {"name": unit.name}, unit.version, address),
        done=lambda _: redirect_with("已保存。", url_for("units.index")),
    )
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from flask import Response, flash, g, make_response, redirect
from werkzeug.wrappers import Response as BaseResponse

from lab.db import EditConflict
from lab.errors import wants_json
from lab.extensions import db
from lab.rejected import Rejected
from lab.web.forms import ButtonForm, Form, show_rejection

T = TypeVar("T")
Answer = str | BaseResponse | tuple[str, int] | tuple[Response, int]


@dataclass(frozen=True)
class Saved(Generic[T]):
    """The service wrote everything; `result` is what it returned."""

    result: T


@dataclass(frozen=True)
class NotSaved:
    """A rule said no: the form carries the message, nothing that was begun stays written."""

    error: Rejected


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved since the page was opened."""

    error: EditConflict


def attempt(form: Form, save: Callable[[], T]) -> Saved[T] | NotSaved | Conflict:
    """Call `save`, and say how it ended. The message of a rejection is put into the form."""
    try:
        outcome = Saved(save())
    except Rejected as error:
        # An answer that stores a draft all the same must not store half of what was rejected.
        db.session.rollback()
        show_rejection(form, error)
        return NotSaved(error)
    except EditConflict as error:
        g.conflict_by_oneself = error.by_oneself
        return Conflict(error)
    # A page with errors shows them beside its fields; a script converts while somebody types.
    if not form.errors and not wants_json():
        for message in form.conversions():
            flash(message, "info")
    return outcome


def handle_edit(
    form: Form,
    *,
    save: Callable[[], T],
    page: Callable[[], str | BaseResponse],
    done: Callable[[T], Answer],
    conflict: Callable[[], Answer] | None = None,
    correctable: bool = True,
    validate: bool = True,
) -> Response:
    """Answer a sent form.

    `save` calls the service with what was typed, once the form is valid. `page` draws the form
    with its messages (422) when it is not valid or a rule rejects it. `done` answers with what
    the service returned, `conflict` when somebody else saved meanwhile; without `conflict` the
    general page of a changed object (409) does. `correctable`: whether another entry could satisfy
    the rules; if not, their message stands on the general page (409), without the form.
    `validate`: not for a button that reads no field of `form`, which only shows the message of a
    rejection.
    """
    if validate and not form.validate():
        return invalid(page())
    outcome = attempt(form, save)
    if isinstance(outcome, Saved):
        return make_response(done(outcome.result))
    if isinstance(outcome, NotSaved) and correctable:
        return invalid(page())
    if isinstance(outcome, Conflict) and conflict is not None:
        return make_response(conflict())
    raise outcome.error


def handle_action(
    *,
    save: Callable[[], T],
    done: Callable[[T], Answer],
    rejected: Callable[[Rejected], Answer],
) -> Response:
    """Answer a button without a form to show again: `rejected` answers when a rule says no."""
    outcome = attempt(ButtonForm(), save)
    if isinstance(outcome, NotSaved):
        return make_response(rejected(outcome.error))
    if isinstance(outcome, Conflict):
        raise outcome.error
    return make_response(done(outcome.result))


def invalid(page: str | BaseResponse) -> Response:
    """Answer 422 with the page that shows what is wrong and all that was typed."""
    response = make_response(page)
    response.status_code = 422
    return response


def reject_with(message: str) -> Callable[[], NoReturn]:
    """Return an answer that shows `message` on the general page (409), without the form."""

    def reject() -> NoReturn:
        raise Rejected(message)

    return reject


def redirect_with(message: str, address: str, tone: str = "success") -> BaseResponse:
    """Go on to `address`, where `message` is shown once."""
    flash(message, tone)
    return redirect(address, 303)
