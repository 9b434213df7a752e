"""Table of late entries: which proposal a one-time code was redeemed for."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.calls.models.notice import CallLateCode
from lab.db import HasId
from lab.extensions import Model


class LateEntry(HasId, Model):
    """A code and the one proposal it admits; a proposal may have had several codes."""

    __tablename__ = "late_entry"

    code_id: Mapped[int] = mapped_column(ForeignKey("call_late_code.id"), unique=True)
    code: Mapped[CallLateCode] = relationship()
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
