"""The imports of units and of people from a workbook of any form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import url_for

from lab.enrolment.bulk_import import service
from lab.enrolment.bulk_import.worksheets import COLUMNS, WORKSHEETS
from lab.enrolment.rules.columns import needed_of
from lab.importing.models import ImportUpload
from lab.importing.rules.fields import ImportMode
from lab.importing.rules.plan import ColumnPlan
from lab.importing.targets import OF_ADMINISTRATORS, ImportTarget

HINTS = {
    "units": "系统中已有的单位不改动。",
    "people": "账号没有密码，凭启用单启用；已有的账号不改动；所列角色向安全管理员申请。",
}


def targets() -> tuple[Callable[[], ImportTarget], ...]:
    """Return the two imports as matching columns knows them."""
    return tuple(partial(_target, content) for content in WORKSHEETS)


def _target(content: str) -> ImportTarget:
    columns = COLUMNS[content]
    needed = needed_of(columns)
    mode = ImportMode("new", f"新建{WORKSHEETS[content]}", HINTS[content], needed)
    return ImportTarget(
        code=content,
        fields=tuple(column.target for column in columns),
        modes=(mode,),
        origin=lambda _key: ("批量建立账号", url_for("people_imports.index")),
        check=partial(_check, content),
        result=lambda key: url_for("people_imports.show", key=key),
        owned_by=OF_ADMINISTRATORS,
    )


def _check(content: str, upload: ImportUpload, plan: ColumnPlan, person_id: int) -> str:
    return service.begin_planned(content, upload, plan.to_json(), person_id).key
