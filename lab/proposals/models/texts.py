"""The columns of what is typed into a proposal, one for each line and text of the description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from lab.proposals.rules.form.description import Field
from lab.proposals.rules.form.schema import TEXT_FIELDS

_LONGEST_STRING = 300  # characters; a longer text is stored without a limit of its own


class ProposalTexts:
    """Mixin: every line and text of the form, "" while blank."""

    if TYPE_CHECKING:  # those that the code calls by name; the columns are made below
        title: Mapped[str]
        place: Mapped[str]
        leader_duty: Mapped[str]
        leader_phone: Mapped[str]
        background: Mapped[str]
        mode: Mapped[str]
        plan: Mapped[str]
        smart_contract_text: Mapped[str]


def _column(field: Field) -> MappedColumn[str]:
    limit = field.limit or 0
    stored = String(limit) if limit <= _LONGEST_STRING else Text()
    return mapped_column(stored, default="", nullable=False)


for _field in TEXT_FIELDS:
    setattr(ProposalTexts, _field.key, _column(_field))
