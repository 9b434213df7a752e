"""Check whether the present audit key is the one the chain was written with."""

from __future__ import annotations

import hmac
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lab.audit.models import AuditEvent
from lab.audit.rules import chain
from lab.audit.rules.heads_check import HeadsReport

REMARK = (
    "现在的审计密钥与记录对不上，可能不是原来的密钥。请系统管理员核对设置 LAB_AUDIT_KEY"
    "（没有设置的，看实例文件夹中的 lab_audit_key.txt），换回原来的密钥后再校验。"
)


def newest_row(reader: Session) -> Any:
    """Return the newest row of the chain, None when there is none."""
    return reader.execute(_rows().order_by(AuditEvent.seq.desc()).limit(1)).first()


def _rows() -> Any:
    return select(*(getattr(AuditEvent, name) for name in (*chain.COVERED_COLUMNS, "mac")))


def is_signed_with_present_key(row: Any) -> bool:
    """Return whether the present key signed a row."""
    values = dict(row._mapping)
    values["at"] = row.at.isoformat(timespec="microseconds")
    return hmac.compare_digest(chain.mac(current_app.config["AUDIT_KEY"], values), row.mac)


def key_remark(reader: Session, heads: HeadsReport, first: int) -> tuple[str, ...]:
    """Return what to say about a broken chain when the key itself is in doubt, else nothing.

    In doubt: the key signed neither the newest row nor row `first`, with which its segment begins.
    With no row left, it did not sign the first head either.
    """
    begin = reader.execute(_rows().where(AuditEvent.seq == first)).first()
    ends = [row for row in (newest_row(reader), begin) if row is not None]
    is_right_key = (
        any(map(is_signed_with_present_key, ends)) if ends else heads.first_fits is not False
    )
    return () if is_right_key else (REMARK,)
