"""The content of a printed proposal, a receipt and a review copy, as frozen data without layout.

A document is filled once from a submitted version, stored as plain JSON types, and printed from
there only. It holds labels and texts instead of codes, so that it prints the same after the form,
the indicators or the names of units have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from lab.canonical import canonical_json
from lab.reports.content.decode import decode

# Documents ordered in an earlier form print as they were. "proposal-1" had no opinion of the
# partner unit; until "proposal-3" and "review-2" figures had no separators, and a page could end
# within a table of two rows or before a seal; until the present forms names were broken into many
# lines, and a short opinion could be parted from its heading or its seal.
FIRST_PROPOSAL_SCHEMA, SECOND_PROPOSAL_SCHEMA = "proposal-1", "proposal-2"
THIRD_PROPOSAL_SCHEMA, PROPOSAL_SCHEMA = "proposal-3", "proposal-4"
FIRST_REVIEW_SCHEMA, SECOND_REVIEW_SCHEMA, REVIEW_SCHEMA = "review-1", "review-2", "review-3"
RECEIPT_SCHEMA = "receipt-1"
ColumnKind = Literal["order", "text", "name", "unit", "number", "date", "digest"]


@dataclass(frozen=True)
class Pair:
    """A label with its text; "" prints as 「—」."""

    label: str
    text: str


@dataclass(frozen=True)
class LabelledPairs:
    """Short form fields, one below the other."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class ProseBlock:
    """A long form field; lines are paragraphs."""

    label: str
    prose: str


@dataclass(frozen=True)
class DocumentColumn:
    """A table column: heading and content type."""

    label: str
    kind: ColumnKind


@dataclass(frozen=True)
class DocumentTable:
    """A table of the form. Raises ValueError for a row whose length differs from the heading."""

    label: str
    columns: tuple[DocumentColumn, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one text a column")


Block = LabelledPairs | ProseBlock | DocumentTable


@dataclass(frozen=True)
class DocumentPart:
    """One section of the form with its heading."""

    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class DocumentOrigin:
    """The submitted version a document shows, and when and by whom it was ordered.

    `fingerprint`: SHA-256 of the version's content, 64 hex digits. `verify_url` is what the QR code
    opens; where it is "" the code holds the fingerprint. Raises ValueError for a naive time.
    """

    title: str
    number: str
    call: str
    unit: str
    joint_unit: str
    version: int
    fingerprint: str
    submitted_at: datetime
    submitted_by: str
    made_at: datetime
    made_by: str
    verify_url: str
    has_demo: bool

    def __post_init__(self) -> None:
        if self.submitted_at.utcoffset() is None or self.made_at.utcoffset() is None:
            raise ValueError("moments need a zone")

    @property
    def code(self) -> str:
        """The content of the QR code."""
        return self.verify_url or self.fingerprint


@dataclass(frozen=True)
class ProposalCopy:
    """The proposal with signature fields.

    `private` is what reviewers never see, on a separate last sheet that is retained. `opinion` is
    the unit's opinion as typed, `pledge` the applicant's pledge. `partner_opinion` is the partner
    unit's, or that it is awaited, "" where none was required; `partner_person` who gave it in the
    portal.
    """

    origin: DocumentOrigin
    parts: tuple[DocumentPart, ...]
    pledge: str
    opinion: str
    partner_opinion: str
    partner_person: str
    private: tuple[Block, ...]


@dataclass(frozen=True)
class Receipt:
    """One page that states what was received (`name` is the project's) and what happens next."""

    origin: DocumentOrigin
    name: str
    next_steps: tuple[str, ...]


@dataclass(frozen=True)
class ReviewOrigin:
    """The submitted version that reviewers see, without who wrote, submitted or printed it.

    Fields as in `DocumentOrigin`.
    """

    title: str
    number: str
    call: str
    version: int
    fingerprint: str
    submitted_at: datetime
    made_at: datetime
    has_demo: bool

    def __post_init__(self) -> None:
        if self.submitted_at.utcoffset() is None or self.made_at.utcoffset() is None:
            raise ValueError("moments need a zone")


@dataclass(frozen=True)
class ReviewCopy:
    """Exactly what reviewers see of the proposal, opinions included, and nothing else."""

    origin: ReviewOrigin
    parts: tuple[DocumentPart, ...]


AnyDocument = ProposalCopy | Receipt | ReviewCopy
SCHEMAS: Mapping[str, type[AnyDocument]] = {
    PROPOSAL_SCHEMA: ProposalCopy,
    RECEIPT_SCHEMA: Receipt,
    REVIEW_SCHEMA: ReviewCopy,
}
EARLIER_SCHEMAS: Mapping[str, type[AnyDocument]] = {
    SECOND_PROPOSAL_SCHEMA: ProposalCopy,
    THIRD_PROPOSAL_SCHEMA: ProposalCopy,
    FIRST_REVIEW_SCHEMA: ReviewCopy,
    SECOND_REVIEW_SCHEMA: ReviewCopy,
}


def to_plain(document: AnyDocument) -> dict[str, Any]:
    """Return the document as JSON types with the name of its schema, for storage."""
    (schema,) = [name for name, kind in SCHEMAS.items() if isinstance(document, kind)]
    plain: dict[str, Any] = canonical_json(document).parsed()
    return {"schema": schema, **plain}


def from_plain(plain: Mapping[str, Any]) -> AnyDocument:
    """Return the document of a stored snapshot.

    Raises ValueError for another schema, a missing or unknown field, or a wrong type.
    """
    if plain.get("schema") == FIRST_PROPOSAL_SCHEMA:
        later = {"schema": SECOND_PROPOSAL_SCHEMA, "partner_opinion": "", "partner_person": ""}
        plain = {**plain, **later}
    kind = {**EARLIER_SCHEMAS, **SCHEMAS}.get(plain.get("schema", ""))
    if kind is None:
        raise ValueError(f"not a proposal document: {plain.get('schema')}")
    document = decode(kind, {key: value for key, value in plain.items() if key != "schema"})
    assert isinstance(document, AnyDocument)
    return document
