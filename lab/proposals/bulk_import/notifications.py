"""Notifications about an import: owners and leaders of the proposals, and the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.core.notifications import staff_by_unit
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import LABELS, UNNAMED
from lab.web.links import About

MOST_NAMED = 5  # fields that a notice lists


def notify_import(
    batch: ProposalImport, proposals_made: Sequence[Proposal], person_id: int
) -> None:
    """Send one notice to each owner and leader, and to the office.

    However many proposals are theirs.
    """
    own: dict[int, list[Proposal]] = {}
    for proposal in proposals_made:
        for who in {proposal.owner_id, proposal.leader_id or proposal.owner_id}:
            own.setdefault(who, []).append(proposal)
    for who, proposals in own.items():
        first, count = proposals[0], len(proposals)
        if count == 1:
            text = f"申报书{first.number}《{first.title}》已由实施办公室按来件导入并提交。"
            notify([who], text, About.of(first))
        else:
            text = f"您的{count}件申报书已由实施办公室按来件导入并提交，自{first.number}起。"
            notify([who], text, About.of(batch.call, "proposals"))
    others = [who for who in role_holder_ids(OFFICE) if who not in own and who != person_id]
    notify(
        others,
        f"{batch.call.title}批量导入{len(proposals_made)}件申报书，请办理形式审查。",
        About.of(batch.call, "checks"),
    )


def notify_partners(proposals_made: Sequence[Proposal]) -> None:
    """Ask the partner units' people to confirm: one notice each, however many wait for them.

    Where a row named nobody, each of the unit's people is asked.
    """
    joint = [proposal for proposal in proposals_made if proposal.joint_unit_id is not None]
    units = {p.joint_unit_id for p in joint if p.joint_unit_id and p.partner_id is None}
    staff = staff_by_unit(units)
    asked: dict[int, list[Proposal]] = {}
    for proposal in joint:
        whole_unit = staff.get(proposal.joint_unit_id or 0, set())
        people = {proposal.partner_id} if proposal.partner_id else whole_unit
        for who in people - {proposal.owner_id, proposal.leader_id}:
            asked.setdefault(who, []).append(proposal)
    for who, proposals in asked.items():
        first, count = proposals[0], len(proposals)
        text = f"请确认联合申报的申报书{first.number}《{first.title}》。"
        if count > 1:
            text = f"有{count}件联合申报的申报书请确认，自{first.number}起，逐件列在首页待办中。"
        notify([who], text, About.of(first, "joint"))


def notify_drafts(
    batch: ProposalImport,
    drafts: Sequence[Proposal],
    person_id: int,
    unread_fields: Mapping[int, Sequence[str]],
) -> None:
    """Send one notice to each owner and leader, however many drafts are theirs.

    `unread_fields`: id of a draft -> the fields whose cells could not be taken as they were.
    """
    own: dict[int, list[Proposal]] = {}
    for draft in drafts:
        for who in {draft.owner_id, draft.leader_id or draft.owner_id} - {person_id}:
            own.setdefault(who, []).append(draft)
    for who, mine in own.items():
        if len(mine) == 1:
            named = _unread_labels(unread_fields[mine[0].id])
            title = mine[0].title or UNNAMED
            text = f"实施办公室已按来件建立申报草稿《{title}》，请补充后提交。{named}"
            notify([who], text, About.of(mine[0]))
        else:
            count = sum(bool(unread_fields[draft.id]) for draft in mine)
            named = f"其中{count}件有的内容没有读成，请对照来件补填。" if count else ""
            text = f"实施办公室已按来件建立您的{len(mine)}件申报草稿，请逐件补充后提交。{named}"
            notify([who], text, About.of(batch.call, "proposals"))


def _unread_labels(fields: Sequence[str]) -> str:
    labels = list(dict.fromkeys(LABELS[name] for name in fields if name in LABELS))
    more = f"等{len(labels)}项" if len(labels) > MOST_NAMED else ""
    listed = "、".join(labels[:MOST_NAMED])
    return f"这几项没有读成，请对照来件补填：{listed}{more}。" if labels else ""
