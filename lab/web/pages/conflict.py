"""The conflict page: after two people edited the same, both texts, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template

from lab.extensions import db


@dataclass(frozen=True)
class ConflictPage:
    """What two people wrote: label, typed and stored text of each field that differs.

    `back_url` gives the typed text up; `action` is where it is saved, "" where it was sent.
    """

    rows: Sequence[tuple[str, str, str]]
    back_url: str
    action: str = ""


def conflict_page(
    form: Any, stored: Mapping[str, Any], version: int, back: str, action: str = ""
) -> Response:
    """Answer 409 with the entered and the stored text side by side for each differing field.

    `stored` maps field names to current database values; `version` is the row's version, which the
    form on the page carries from here on, so that saving again is a deliberate decision. `action`
    is where it is saved, if not where it was sent.
    """
    rows = []
    for name, value in stored.items():
        field = form[name]
        mine, theirs = field.typed_display_text(), field.display_text(value)
        if mine != theirs:
            rows.append((field.label.text, mine, theirs))
    db.session.rollback()
    form.rebase(version)
    page = ConflictPage(rows, back, action)
    return make_response(render_template("errors/conflict.html", page=page, form=form), 409)
