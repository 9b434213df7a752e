"""Whether the partner unit of a joint application has confirmed it. Pure.

Office rule: a post and a bank unit apply together as lead unit and partner unit. The lead unit
agrees by its opinion and the submission, the partner unit through one of its people, who reads the
whole content and confirms it. The confirmation covers exactly the content that was read; once the
content differs, the partner unit must be asked again. A joint application that came by mail is
submitted before its partner unit has confirmed; it is marked until then, and does not pass the
formality check. Where its row named nobody, the whole unit is asked and whoever answers first is
the person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from lab.proposals.rules.completeness import MissingItem
from lab.proposals.rules.form.schema import STEP_OF
from lab.proposals.rules.joint.lifecycle import ENDED_UNANSWERED, ConfirmationStatus

OPINION_LIMIT, REASON_LIMIT = 500, 500
# Where a joint application stands: nobody asked, waiting for the answer, sent back, confirmed and
# changed since, confirmed and holding. ALONE needs no confirmation.
ALONE, NOT_ASKED, ASKED, RETURNED, LAPSED, CONFIRMED = (
    *("alone", "not_asked", "asked", "returned", "lapsed", "holds"),
)
MESSAGES = {
    NOT_ASKED: "尚未提请联合单位确认。",
    ASKED: "已提请联合单位确认，等待答复。",
    RETURNED: "联合单位已退回修改，请改好后再次提请确认。",
    LAPSED: "联合单位确认后内容有修改，确认已失效，请再次提请确认。",
    CONFIRMED: "联合单位已确认，确认后内容没有修改。",
}
UNCONFIRMED = "联合单位尚未确认"
# The same for what was submitted before the partner unit confirmed: only a return changes it.
SUBMITTED_MESSAGES = {
    **MESSAGES,
    RETURNED: "联合单位要求修改，由实施办公室在形式审查时退回补正。",
}
TONES = {
    NOT_ASKED: "yellow",
    ASKED: "blue",
    RETURNED: "yellow",
    LAPSED: "yellow",
    CONFIRMED: "green",
}


class ConfirmationRequest(Protocol):
    """A confirmation request with its answer, if any."""

    @property
    def status(self) -> str: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def fingerprint(self) -> str | None: ...


Row = TypeVar("Row", bound=ConfirmationRequest)


@dataclass(frozen=True)
class PartnerRef:
    """Who is to confirm: the partner unit and the chosen person (ids), None: any of the unit."""

    unit_id: int | None
    person_id: int | None


def own_requests(partner: PartnerRef, requests: Sequence[Row]) -> list[Row]:
    """Return the requests to the currently chosen unit and person, oldest first.

    Without those that ended before an answer.
    """
    target = (partner.unit_id, partner.person_id)
    return [
        r
        for r in requests
        if (r.unit_id, r.person_id) == target and r.status not in ENDED_UNANSWERED
    ]


def latest_answer(partner: PartnerRef, requests: Sequence[Row]) -> Row | None:
    """Return the newest answered request, None when there is none."""
    answers = [r for r in own_requests(partner, requests) if r.status != ConfirmationStatus.ASKED]
    return answers[-1] if answers else None


def is_unconfirmed(partner: PartnerRef, requests: Sequence[ConfirmationRequest]) -> bool:
    """Return whether a joint application has no confirmation of its partner unit at all.

    Compares no content: what was submitted does not change before it is returned.
    """
    if partner.unit_id is None:
        return False
    answers = own_requests(partner, requests)
    return all(answer.status != ConfirmationStatus.CONFIRMED for answer in answers)


def is_asked(partner: PartnerRef, requests: Sequence[ConfirmationRequest]) -> bool:
    """Return whether the currently chosen unit and person were asked and have not answered."""
    return any(
        request.status == ConfirmationStatus.ASKED for request in own_requests(partner, requests)
    )


def confirmation_status(
    partner: PartnerRef, requests: Sequence[ConfirmationRequest], digest: str
) -> str:
    """Return the confirmation status; `digest` is the fingerprint of the current content.

    `requests` oldest first. A confirmation of exactly this content stays valid, also while the unit
    is asked once more; a later return voids it.
    """
    if partner.unit_id is None:
        return ALONE
    last = latest_answer(partner, requests)
    if (
        last is not None
        and last.status == ConfirmationStatus.CONFIRMED
        and last.fingerprint == digest
    ):
        return CONFIRMED
    if is_asked(partner, requests):
        return ASKED
    if last is None:
        return NOT_ASKED
    return LAPSED if last.status == ConfirmationStatus.CONFIRMED else RETURNED


def missing_confirmation(state: str, missing: Collection[MissingItem]) -> tuple[MissingItem, ...]:
    """Return what prevents submission of a joint application besides its content.

    If nobody is chosen to confirm, that is the only missing item.
    """
    if state in (ALONE, CONFIRMED) or any(item.field == "partner_id" for item in missing):
        return ()
    message = f"联合单位意见：{MESSAGES[state]}"
    return (MissingItem(STEP_OF["partner_id"], "partner_id", message, page="joint"),)
