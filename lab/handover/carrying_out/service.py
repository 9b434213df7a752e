"""Carry out a handover: all of it or nothing, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.db import EditConflict, lock_row
from lab.extensions import db
from lab.handover.carrying_out import queries
from lab.handover.kinds import (
    HANDED_OVER,
    NO_LONGER_HELD,
    WITHDRAWN,
    Facts,
    HandedOverKind,
)
from lab.handover.models import Handover, HandoverItem
from lab.handover.records.queries import newest_number
from lab.handover.rules import HeldItem, Receiver, general_obstacle
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify
from lab.policy import Actor
from lab.rejected import Rejected

NOTHING_CHOSEN = "请为至少一项选择接收人；有未完成评审的，也可以只勾选撤回。"
NOTHING_LEFT = "没有未完成的评审可以撤回，可能刚刚提交或由他人办理，请返回刷新后再办理。"
Chosen = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class HandoverCommand:
    """What a clerk asks for.

    `number` is that of the last handover which the page showed. `receivers` are keys of people by
    code of the kind and key of the thing. `withdraw`: what is never handed over is withdrawn.
    """

    giver: Person
    by: Person
    number: int | None
    reason: str
    receivers: Chosen
    withdraw: bool = False

    @property
    def reader(self) -> Actor:
        """The clerk as the policy knows them."""
        return Actor(self.by.id, self.by.roles, self.by.unit_id)


@dataclass(frozen=True)
class _Transfer:
    """One thing on its way to somebody else."""

    kind: HandedOverKind
    item: HeldItem
    receiver: Receiver


def field_name(kind: str, key: str) -> str:
    """Return the name of the field in which the receiver of a thing is chosen."""
    return f"{kind}-{key}"


def carry_out(command: HandoverCommand) -> Handover:
    """Hand over and withdraw what was chosen, with a record and notices.

    Each thing has its audit line, which names the record.

    Raises EditConflict when somebody else handed over things of this person meanwhile, Rejected
    (at the field of the thing) for a receiver who may not have it, and when nothing is chosen or
    something is no longer held.
    """
    lock_row(command.giver)
    number = newest_number(command.giver.id)
    if command.number != number:
        raise EditConflict(command.giver)
    if not command.receivers and not command.withdraw:
        raise Rejected(NOTHING_CHOSEN)
    transfers = _transfers(command)
    record = Handover(
        giver_id=command.giver.id, number=number + 1, reason=command.reason, by_id=command.by.id
    )
    record.items = [_recorded(transfer) for transfer in transfers]
    db.session.add(record)
    db.session.flush()  # the audit lines name its key
    facts = {"from": command.giver.name, "handover": record.key}
    _hand_over(command.giver, transfers, facts)
    if command.withdraw:
        record.items += _withdraw(command, facts)
    if not record.items:
        raise Rejected(NOTHING_LEFT)
    _notify_giver(command, len(transfers))
    return record


def _transfers(command: HandoverCommand) -> list[_Transfer]:
    held = queries.held_items(command.reader, command.giver.id)
    people = queries.receivers_by_key(set(command.receivers.values()))
    kinds = {kind.code: kind for kind in HANDED_OVER.extensions()}
    transfers = []
    for (code, key), item in _chosen_items(command, held):
        receiver = people.get(command.receivers[code, key])
        if receiver is None:
            raise Rejected("没有这个人，请重新选择接收人。", field_name(code, key))
        _require_suited(command, kinds[code], item, receiver)
        transfers.append(_Transfer(kinds[code], item, receiver))
    return transfers


def _chosen_items(
    command: HandoverCommand, held: Mapping[str, Mapping[str, HeldItem]]
) -> list[tuple[tuple[str, str], HeldItem]]:
    """Return what was chosen, in the order of the page."""
    chosen = [
        ((code, key), item)
        for code, own in held.items()
        for key, item in own.items()
        if (code, key) in command.receivers
    ]
    if len(chosen) != len(command.receivers):
        raise Rejected(NO_LONGER_HELD)
    return chosen


def _require_suited(
    command: HandoverCommand, kind: HandedOverKind, item: HeldItem, receiver: Receiver
) -> None:
    obstacle = general_obstacle(receiver, command.giver.id, command.by.id) or kind.obstacle(
        item, receiver
    )
    if obstacle:
        message = f"{receiver.label}{obstacle}，请另选接收人。"
        raise Rejected(message, field_name(kind.code, item.key))


def _recorded(transfer: _Transfer) -> HandoverItem:
    return HandoverItem(
        kind=transfer.kind.code,
        object_key=transfer.item.key,
        name=transfer.item.name,
        receiver_id=transfer.receiver.id,
        receiver=transfer.receiver.label,
    )


def _hand_over(giver: Person, transfers: list[_Transfer], facts: Facts) -> None:
    by_kind: dict[str, dict[str, Receiver]] = {}
    for transfer in transfers:
        by_kind.setdefault(transfer.kind.code, {})[transfer.item.key] = transfer.receiver
    for kind in HANDED_OVER.extensions():
        if receivers := by_kind.get(kind.code):
            kind.hand_over(giver, receivers, facts)


def _withdraw(command: HandoverCommand, facts: Facts) -> list[HandoverItem]:
    return [
        HandoverItem(kind=kind.code, object_key=row.key, name=row.name)
        for kind in WITHDRAWN.extensions()
        for row in kind.withdraw(command.by, command.giver, facts)
    ]


def _notify_giver(command: HandoverCommand, count: int) -> None:
    """Tell a giver who still works here; a closed account reads nothing."""
    if command.giver.disabled_at is not None:
        return
    parts = [f"{count}项已交接给他人"] if count else []
    parts += ["未完成的评审已撤回"] if command.withdraw else []
    text = f"实施办公室办理了您的离岗交接：{'，'.join(parts)}。原因：{command.reason}"
    notify([command.giver.id], text)
