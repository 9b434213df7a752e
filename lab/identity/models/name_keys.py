"""Tables of the texts by which people and units are found while they are typed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lab.extensions import Model
from lab.identity.rules.name_keys import MAX_KEY

# Compared by bytes, so that the beginning of a key is a range of the index in every database.
_KEY = String(MAX_KEY).with_variant(String(MAX_KEY, collation="C"), "postgresql")


class PersonNameKey(Model):
    """A text by which a person is found; see `rules.name_keys.search_keys`."""

    __tablename__ = "person_name_key"
    __table_args__ = (Index("ix_person_name_key_key", "key", "person_id"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(_KEY, primary_key=True)


class UnitNameKey(Model):
    """A text by which the people of a unit are found; see `rules.name_keys.unit_keys`."""

    __tablename__ = "unit_name_key"
    __table_args__ = (Index("ix_unit_name_key_key", "key", "unit_id"),)

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(_KEY, primary_key=True)
