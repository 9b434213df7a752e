"""The page on which the things of a person are handed over."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from lab.handover import columns
from lab.handover.access import load_giver
from lab.handover.blueprint import bp
from lab.handover.carrying_out import queries_page, service
from lab.handover.carrying_out.forms import handover_form
from lab.handover.carrying_out.queries_page import PersonHoldings
from lab.handover.carrying_out.service import HandoverCommand, field_name
from lab.handover.models import Handover
from lab.handover.records import queries as records
from lab.identity.models.account import Person
from lab.web.filters import cn_moment
from lab.web.pages.conflict import conflict_page
from lab.web.pages.edit_cycle import handle_edit, redirect_with
from lab.web.request.guards import actor, guard


def _form(page: PersonHoldings) -> Any:
    return handover_form(page.kinds, page.number, withdrawable=bool(page.withdrawn))


def _page(page: PersonHoldings, form: Any) -> str:
    return render_template(
        "handover/carrying_out/person.html", columns=columns, page=page, form=form
    )


@bp.get("/handovers/people/<key>")
@guard("handover.view", load_giver)
def show(person: Person) -> str:
    page = queries_page.person_holdings(person, actor())
    return _page(page, _form(page))


@bp.post("/handovers/people/<key>")
@guard("handover.carry_out", load_giver)
def carry_out(person: Person) -> Response:
    page = queries_page.person_holdings(person, actor())
    form = _form(page)
    return handle_edit(
        form,
        save=lambda: _carry_out(person, form),
        page=lambda: _page(page, form),
        conflict=lambda: _conflict_page(person, form),
        done=lambda done: redirect_with(
            "已办理交接，立即生效。", url_for("handover.record", key=done.key)
        ),
    )


def _carry_out(person: Person, form: Any) -> Handover:
    return service.carry_out(
        HandoverCommand(
            giver=person,
            by=g.person,
            number=form.version.data,
            reason=form.reason.data,
            receivers=form.receivers(),
            withdraw=bool(form.withdraw and form.withdraw.data),
        )
    )


def _conflict_page(person: Person, form: Any) -> Response:
    """Show what a colleague did meanwhile; what that left to hand over can still be chosen."""
    stored: dict[str, Any] = {field_name(kind, key): None for kind, key in form.receivers()}
    newest = records.newest_record(person.id)
    if newest is not None:
        when = cn_moment(newest.at)
        stored["reason"] = f"{newest.by.name}已于{when}办理交接。原因：{newest.reason}"
    number = records.newest_number(person.id)
    return conflict_page(form, stored, number, url_for("handover.show", key=person.key))
