"""Fields that no release has, for a process of its own (`pytest -p tests.support.added_fields`).

They are put into the description before any module of the portal reads it, as a release that adds
them would.
"""

from __future__ import annotations

from lab.proposals.rules.form import fields
from lab.proposals.rules.form.description import Audience, Field, Kind, Search

ADDED = (
    Field(*("alias", "项目简称", "basics", Kind.LINE), limit=20, search=Search.BODY),
    Field(
        *("benefit", "预期效益", "risks", Kind.TEXT),
        required=True,
        limit=120,
        hint="写明受益的人和事。",
        search=Search.BODY,
    ),
    Field(*("liaison", "联络方式", "files", Kind.LINE), limit=30, audience=Audience.OFFICE),
)

fields.FIELDS = (*fields.FIELDS, *ADDED)  # type: ignore[assignment]
