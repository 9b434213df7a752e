"""The import of proposals from a workbook of any form: its fields, and its dry run."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.people.directory import staff_entries
from lab.importing.models import ImportUpload
from lab.importing.rules.fields import ImportMode
from lab.importing.rules.plan import ColumnPlan
from lab.importing.targets import ImportTarget, StandIn
from lab.policy import APPLICANT
from lab.proposals.bulk_import import service
from lab.proposals.bulk_import.own_fields import own_fields
from lab.proposals.bulk_import.workbook.columns import template_columns
from lab.proposals.bulk_import.workbook.lookups import person_label

DRAFTS, SUBMITTED = "drafts", "submitted"


def proposals_target() -> ImportTarget:
    """Return the import as matching columns knows it."""
    needed = tuple(column.field for column in template_columns() if column.needed)
    return ImportTarget(
        code=service.TARGET,
        fields=own_fields(),
        modes=(
            ImportMode(
                DRAFTS,
                "草稿",
                "缺的内容可以空着，由填报人登录后补充并提交。",
                ("owner_id", "title"),
            ),
            ImportMode(SUBMITTED, "已提交", "须与模板一样齐全，导入即为提交并编号。", needed),
        ),
        origin=_origin,
        check=_check,
        result=lambda key: url_for("imports.show", key=key),
        stand_in=StandIn(
            "owner_id",
            DRAFTS,
            "没有写填报人的草稿归",
            "按草稿导入时用：填报人一格空着或没有找到人的行，都归此人补充并提交。",
            _applicants,
        ),
    )


def _applicants() -> list[tuple[int, str]]:
    """Return who may own a draft."""
    return [
        (entry.id, person_label(entry.name, entry.unit))
        for entry in staff_entries()
        if APPLICANT in entry.roles
    ]


def _call(key: str) -> Call:
    return db.session.scalars(select(Call).where(Call.key == key)).one()


def _origin(key: str) -> tuple[str, str]:
    return "批量导入", url_for("imports.index", key=key)


def _check(upload: ImportUpload, plan: ColumnPlan, person_id: int) -> str:
    drafts = plan.mode == DRAFTS
    batch = service.begin_planned(
        _call(upload.subject_key), upload, plan.to_json(), person_id, drafts=drafts
    )
    return batch.key
