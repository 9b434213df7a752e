"""Print slips: the sheet is kept sealed for its browser for ten minutes, and read once.

No list of codes is stored: not the sheet, not the PDF, which is laid out while it is downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from flask import current_app, url_for

from lab import clock
from lab.identity.activation.service import IssuedSlip, issue_slips
from lab.identity.models.account import Person
from lab.posts.redirects import keep_secret
from lab.rejected import Rejected
from lab.reports.content.slips import PrintedSlip, SlipSheet, to_plain
from lab.reports.core.sandbox import RenderFailed, render_in_child
from lab.reports.rendering.fonts import font_folders

PRINTED = "启用单只能下载一次，已下载过。没有保存好的，请重新发放，旧的启用单即作废。"
NOT_PRINTED = "启用单没有生成，这次的启用码没有人看到。请重新发放。"


def issue_and_keep(person_ids: Collection[int], by: Person, back: str) -> str:
    """Issue slips and keep their sheet for this browser; return the key of the sheet.

    `back` is the path to which a second look leads. Raises Rejected as `issue_slips` does.
    """
    issued = issue_slips(person_ids, by)
    sheet = _sheet(issued, by)
    return keep_secret(json.dumps(to_plain(sheet)), again=PRINTED, back=back)


def _sheet(issued: Sequence[IssuedSlip], by: Person) -> SlipSheet:
    settings = current_app.config["SETTINGS"]
    return SlipSheet(
        address=settings.public_url + url_for("identity.activate"),
        valid_until=clock.cn_date(clock.beijing(issued[0].expires_at).date()),
        issued_by=by.name,
        made_at=clock.now(),
        has_demo=by.is_demo,
        slips=tuple(
            PrintedSlip(slip.unit, slip.name, slip.sign_in_name, slip.code) for slip in issued
        ),
    )


def pdf_of(kept: str) -> bytes:
    """Return the PDF of a kept sheet. Raises Rejected when it cannot be laid out."""
    settings = current_app.config["SETTINGS"]
    try:
        return render_in_child(
            json.loads(kept),
            seconds=settings.render_seconds,
            memory_mb=settings.render_memory_mb,
            folders=font_folders(settings.font_dir),
            standby=False,
        )
    except RenderFailed:
        raise Rejected(NOT_PRINTED) from None
