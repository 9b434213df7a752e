"""Mixins of the tables: keys, versions, provenance."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from sqlalchemy import Boolean, Integer, String, event, select
from sqlalchemy.orm import Mapped, mapped_column, object_mapper, object_session
from sqlalchemy.orm.attributes import flag_modified

from lab.extensions import db

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
KEY_LENGTH = 12


def new_key() -> str:
    """Return a random public key of 12 characters (about 59 bits).

    It reveals neither order nor count.
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(KEY_LENGTH))


class HasId:
    """Integer primary key, internal to the database."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class HasKey(HasId):
    """Random public key for addresses."""

    key: Mapped[str] = mapped_column(String(KEY_LENGTH), unique=True, default=new_key)


class Versioned:
    """Prevent lost updates: each write checks and raises `version` (see `expect_version`)."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


@event.listens_for(db.Model, "mapper_configured", propagate=True)
def _use_version(mapper: Any, cls: type) -> None:
    if issubclass(cls, Versioned) and mapper.version_id_col is None:
        mapper.version_id_col = mapper.local_table.c.version


class HasProvenance:
    """Provenance of a row: entered, public report, or demonstration.

    `published_columns` of a row with a source never change (see lab.db.public_facts).
    """

    published_columns: ClassVar[frozenset[str]] = frozenset()

    is_demo: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    source_label: Mapped[str] = mapped_column(String(60), nullable=False, default="")


class EditConflict(Exception):
    """The row was changed after the form was opened.

    `by_oneself`: by the same person in another window; None where nobody knows who it was.
    """

    def __init__(self, obj: Any, *, by_oneself: bool | None = None) -> None:
        super().__init__(type(obj).__name__)
        self.obj, self.by_oneself = obj, by_oneself


def expect_version(obj: Versioned, version: int | None) -> None:
    """Compare the version a form carried with the row's. Raises EditConflict when they differ.

    The row stays locked until the transaction ends, so nobody can slip in between the comparison
    and the commit. Call it before anything of `obj` is changed.
    """
    lock_row(obj)
    if version != obj.version:
        raise EditConflict(obj)


def lock_row(obj: Any) -> None:
    """Hold a row until the transaction ends; if it was changed meanwhile, read it anew.

    SQLite has one writer at a time anyhow. Raises EditConflict when the row is gone.
    """
    session = object_session(obj)
    if session is None or session.get_bind().dialect.name != "postgresql":
        return
    cls = type(obj)
    current = session.scalar(select(cls.version).where(cls.id == obj.id).with_for_update())
    if current is None:
        raise EditConflict(obj)
    if current != obj.version:
        session.refresh(obj)


def bump_version(obj: Versioned) -> None:
    """Mark a row as changed when only its children were, so that its version rises."""
    # Any plain column will do; the version itself is written by the mapper alone.
    columns = object_mapper(obj).column_attrs
    name = next(c.key for c in columns if c.key not in ("id", "key", "version"))
    getattr(obj, name)  # an expired attribute cannot be flagged
    flag_modified(obj, name)
