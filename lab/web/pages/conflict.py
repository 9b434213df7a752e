"""The conflict page: after two people edited the same, both texts, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, render_template

from lab.extensions import db

# By whether the own other window saved meanwhile; None where nobody knows.
_TITLES = {True: "您在另一窗口更新了内容", False: "内容已被他人更新", None: "内容已有更新"}
_WHO = {True: "您在另一窗口", False: "其他人", None: "其他人或您在另一窗口"}


@dataclass(frozen=True)
class ConflictPage:
    """What two people wrote: label, typed and stored text of each field that differs.

    `back_url` gives the typed text up; `action` is where it is saved, "" where it was sent.
    `by_oneself` as `lab.db.EditConflict` has it.
    """

    rows: Sequence[tuple[str, str, str]]
    back_url: str
    action: str = ""
    by_oneself: bool | None = None

    @property
    def title(self) -> str:
        """What happened, in a heading."""
        return _TITLES[self.by_oneself]

    @property
    def lead(self) -> str:
        """Who saved meanwhile, and what is to be done."""
        who = _WHO[self.by_oneself]
        return f"您打开本页之后，{who}保存了新内容。本页的修改还没有保存，请核对后决定。"


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
    page = ConflictPage(rows, back, action, g.get("conflict_by_oneself"))
    return make_response(render_template("errors/conflict.html", page=page, form=form), 409)
