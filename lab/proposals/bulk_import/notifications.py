"""Notifications about an import: owners and leaders of the proposals, and the office."""

from __future__ import annotations

from collections.abc import Sequence

from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.proposal import Proposal
from lab.web.links import About


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


def notify_drafts(batch: ProposalImport, drafts: Sequence[Proposal], person_id: int) -> None:
    """Send one notice to each owner and leader, however many drafts are theirs."""
    own: dict[int, list[Proposal]] = {}
    for draft in drafts:
        for who in {draft.owner_id, draft.leader_id or draft.owner_id} - {person_id}:
            own.setdefault(who, []).append(draft)
    for who, mine in own.items():
        if len(mine) == 1:
            text = f"实施办公室已按来件建立申报草稿《{mine[0].title}》，请补充后提交。"
            notify([who], text, About.of(mine[0]))
        else:
            text = f"实施办公室已按来件建立您的{len(mine)}件申报草稿，请逐件补充后提交。"
            notify([who], text, About.of(batch.call, "proposals"))
