"""The verification of the audit log, itself a line of the log."""

from __future__ import annotations

from lab import audit
from lab.audit.check import verify_chain
from lab.audit.rules.chain import ChainReport
from lab.db import reading
from lab.extensions import db


def verify_log() -> ChainReport:
    """Verify the chain without holding the write lock, then record the verification.

    Rolls back what the request has written: call it before the first write.
    """
    db.session.rollback()
    with reading() as session:
        report = verify_chain(session)
    detail = {"rows": report.rows, "sound": report.is_intact}
    audit.record("audit.verify", detail=detail, result="ok" if report.is_intact else "failed")
    return report
