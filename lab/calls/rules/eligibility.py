"""Who may apply to a call. Pure: each function returns a reason why not, "" when allowed.

Office rule: the lead unit (申报单位) counts, by its side and its number of proposals; drafts,
withdrawn and refused ones do not count. A joint application is one by a unit of the post and a unit
of the bank; it is the usual case, which a call may require or not ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from lab.identity.rules.sides import SIDE_NAMES

ANY_SIDE, POST, BANK = "any", "post", "bank"
APPLICANT_SIDES: Mapping[str, str] = MappingProxyType(
    {ANY_SIDE: "邮政、银行单位均可", POST: "邮政单位", BANK: "银行单位"}
)
REQUIRED, NORMAL, NOT_ASKED = "required", "normal", "none"
JOINT_RULES: Mapping[str, str] = MappingProxyType(
    {
        NORMAL: "一般应联合申报，由邮政、银行各一家单位牵头和参与",
        REQUIRED: "必须联合申报，由邮政、银行各一家单位牵头和参与",
        NOT_ASKED: "不作要求，单独申报、联合申报均可",
    }
)
MAX_PER_UNIT = 99


class Applicable(Protocol):
    """A call's rules on applicants; `unit_limit` 1–99, None for no limit."""

    @property
    def applicant_side(self) -> str: ...
    @property
    def joint_rule(self) -> str: ...
    @property
    def unit_limit(self) -> int | None: ...


def reason_not_to_begin(call: Applicable, side: str, counted: int) -> str:
    """Return why a unit of this side ("post", "bank") cannot begin a proposal.

    `counted`: the unit's counting proposals in the call.
    """
    if call.applicant_side not in (ANY_SIDE, side):
        return (
            f"本批次只接受{SIDE_NAMES[call.applicant_side]}单位牵头申报，"
            f"您所在单位属于{SIDE_NAMES[side]}。"
        )
    if call.unit_limit is not None and counted >= call.unit_limit:
        return f"本批次每个单位最多申报{call.unit_limit}个项目，您所在单位已提交{counted}个。"
    return ""


def reason_not_to_submit(call: Applicable, side: str, partner: str, counted: int) -> str:
    """Return why a proposal cannot be submitted.

    `side` of the lead unit, `partner` that of the joint unit ("" without one), `counted`: the lead
    unit's other counting proposals in the call.
    """
    if call.applicant_side not in (ANY_SIDE, side):
        return (
            f"本批次只接受{SIDE_NAMES[call.applicant_side]}单位牵头申报，"
            f"所填申报单位属于{SIDE_NAMES[side]}，请修改申报单位。"
        )
    if call.joint_rule == REQUIRED and partner in ("", side):
        return "本批次要求邮政与银行单位联合申报，请在联合申报单位中填写另一方的单位。"
    if call.unit_limit is not None and counted >= call.unit_limit:
        return f"本批次每个单位最多申报{call.unit_limit}个项目，申报单位已提交{counted}个。"
    return ""


def format_limit(limit: int | None) -> str:
    """Format a limit: 最多2个, or 不限."""
    return "不限" if limit is None else f"最多{limit}个"
