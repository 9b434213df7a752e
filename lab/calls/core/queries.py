"""Queries of calls that several use cases and other features need."""

from __future__ import annotations

from sqlalchemy import select

from lab.calls.models.call import Call, CallFile
from lab.calls.rules.eligibility import APPLICANT_SIDES, JOINT_RULES, format_limit
from lab.extensions import db
from lab.files.models import StoredFile


def batch_label(year: int, batch: int) -> str:
    """Format as 2022年第1批."""
    return f"{year}年第{batch}批"


def is_published_only(call: Call) -> bool:
    """Return whether only published facts of the call are known, not its rules."""
    return bool(call.source_label) and call.opens_at is None


def find_call(key: str) -> Call | None:
    """Return the call with this key, None when there is none."""
    call: Call | None = db.session.scalar(select(Call).where(Call.key == key))
    return call


def find_attached(key: str, file_key: str) -> CallFile | None:
    """Return the attachment of this call with this file key, None when there is none."""
    attachment: CallFile | None = db.session.scalar(
        select(CallFile)
        .join(Call, Call.id == CallFile.call_id)
        .join(StoredFile, StoredFile.id == CallFile.file_id)
        .where(Call.key == key, StoredFile.key == file_key)
    )
    return attachment


def eligibility_lines(call: Call) -> tuple[tuple[str, str], ...]:
    """Return the eligibility rules as pairs of label and text."""
    return (
        ("申报单位", APPLICANT_SIDES[call.applicant_side]),
        ("联合申报", JOINT_RULES[call.joint_rule]),
        ("每个单位申报数量", format_limit(call.unit_limit)),
    )
