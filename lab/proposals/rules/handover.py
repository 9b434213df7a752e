"""Who may receive a proposal or a partner's confirmation that somebody hands over. Pure.

Office rules: a proposal goes to an applicant of the giver's unit or of the one that submitted it, a
confirmation to somebody of the partner unit who has not entered the proposal. What stands in a text
that was never submitted decides nothing, or the office would read it.
"""

from __future__ import annotations

from lab import policy
from lab.calls.rules.lifecycle import CallStatus
from lab.handover.rules import HeldItem, Receiver
from lab.policy import Resource

DRAFT_RULE = "只能交给交出人所在单位或提交时申报单位的申报人，接收后由其填写、补正、撤回。"
CONFIRMATION_RULE = "只能交给同一联合单位的人员。原提请作废，自动改向接收人提请。"
NO_APPLICANT = "没有申报人角色，不能办理申报书"
OTHER_UNIT = "不在交出人所在单位，也不在提交时的申报单位"
OTHER_PARTNER = "不在该申报书的联合单位"
TAKES_PART = "是该申报书的申报人，不能代表联合单位确认"
NOT_ENTITLED = "无权办理该事项"


def draft_obstacle(item: HeldItem, receiver: Receiver) -> str:
    """Return why the person cannot take over the proposal, "" for nothing."""
    call = Resource("call", CallStatus.OPEN)
    if not policy.allowed("proposal.create", receiver.actor, call):
        return NO_APPLICANT
    return "" if item.is_near(receiver) else OTHER_UNIT


def confirmation_obstacle(item: HeldItem, receiver: Receiver) -> str:
    """Return why the person cannot confirm for the partner unit, "" for nothing."""
    resource = Resource("proposal", item.status, frozenset({"partner"}))
    if not policy.allowed("proposal.confirm", receiver.actor, resource):
        return NOT_ENTITLED
    if not item.is_near(receiver):
        return OTHER_PARTNER
    return TAKES_PART if receiver.id in item.barred_ids else ""
