"""Tables of stored files and of the pictures made of them, and what the tables of everything that
the worker renders have in common. The original name of a file is data, never a path."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import (
    HasId,
    HasKey,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    one_of,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.files.inspection.kinds import form_of, is_previewed, label_of
from lab.files.rules.lifecycle import PREVIEW, RenderStatus
from lab.workflow import StateMachine


class StoredFile(HasKey, Model):
    """One uploaded file: original name, size in bytes, SHA-256 and random storage name.

    `active` lists its active content as comma-separated codes of `inspection.active.TABLE`: "" for
    none, NULL before it was examined. `purged_at`: when a replaced file was purged; from then on
    only the row remains.
    """

    __tablename__ = "stored_file"

    name: Mapped[str] = mapped_column(String(200))
    extension: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    storage_name: Mapped[str] = mapped_column(String(64), unique=True)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    active: Mapped[str | None] = mapped_column(String(120))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def active_codes(self) -> tuple[str, ...]:
        """Codes of its active content; with any, its bytes are never served."""
        return tuple(self.active.split(",")) if self.active else ()

    @property
    def label(self) -> str:
        """What users call a file of this kind."""
        return label_of(self.name)

    @property
    def has_pages(self) -> bool:
        """Whether its pictures are of numbered pages."""
        return form_of(self.name) == "pdf"

    @property
    def previewed(self) -> bool:
        """Whether it is shown as pictures."""
        return is_previewed(self.name)


class Rendered(Versioned, Stateful):
    """Is rendered by the worker: waits, is ready, or failed and says why (lab.files.documents)."""

    failure: Mapped[str] = mapped_column(String(300), default="")


class RenderedFile(Rendered):
    """What is rendered is one stored file: its storage name, SHA-256 and size in bytes."""

    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    file_name: Mapped[str | None] = mapped_column(String(80))
    file_hash: Mapped[str | None] = mapped_column(String(64))
    file_size: Mapped[int | None] = mapped_column(Integer)


def rendered_checks(machine: StateMachine) -> tuple[CheckConstraint, ...]:
    """Return CHECKs that tie a rendered document's state to its evidence.

    `status` is one of the lifecycle's, a ready row has what was rendered, a failed one says why.
    """
    evidence = next(
        step.evidence for step in machine.transitions if step.target == RenderStatus.READY
    )
    return (
        status_check(machine),
        evidence_check("ready", (RenderStatus.READY,), *evidence),
        CheckConstraint(
            f"{unless_in(RenderStatus.FAILED)} OR failure <> ''", name="failed_evidence"
        ),
    )


class FilePreview(HasId, Rendered, Model):
    """The preview of a file: queued, ready, or failed with a reason.

    `total` is the number of pages of the original.
    """

    __tablename__ = "file_preview"
    machine: ClassVar[StateMachine] = PREVIEW
    __table_args__ = (*rendered_checks(PREVIEW), UniqueConstraint("file_id"))

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"))
    file: Mapped[StoredFile] = relationship()
    total: Mapped[int | None] = mapped_column(Integer)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[list[FilePreviewPage]] = relationship(
        order_by="FilePreviewPage.page, FilePreviewPage.piece",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class FilePreviewPage(HasId, Model):
    """One picture of a preview: a page, or a piece of a long one.

    Page and piece from 1, png or jpeg, size in pixels, random storage name, SHA-256 (NULL for one
    made before hashes were stored).
    """

    __tablename__ = "file_preview_page"
    __table_args__ = (
        UniqueConstraint("preview_id", "page", "piece"),
        one_of("kind", ("png", "jpeg")),
        CheckConstraint(
            "page >= 1 AND width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 1600",
            name="picture_range",
        ),
        CheckConstraint("piece >= 1", name="piece_range"),
    )

    preview_id: Mapped[int] = mapped_column(ForeignKey("file_preview.id", ondelete="CASCADE"))
    page: Mapped[int] = mapped_column(Integer)
    piece: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    kind: Mapped[str] = mapped_column(String(4))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    storage_name: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
