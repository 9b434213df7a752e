"""Reads for the page on which an export is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.policy import Actor
from lab.proposals.export.columns import DEFAULT_COLUMNS, columns_for
from lab.proposals.export.queries import export_count
from lab.proposals.pages.queries import call_choices
from lab.proposals.rules.lifecycle import PROPOSAL


@dataclass(frozen=True)
class ExportPage:
    """What an export would hold: the filters of the list that it goes on with, how many proposals
    fit them, and the names of columns chosen together. `state` and `call` name the filters, or "".
    """

    args: Mapping[str, str]
    count: int
    sets: Mapping[str, Sequence[str]]
    state: str
    call: str


def export_page(reader: Actor, args: Mapping[str, str], *, drafts: bool) -> ExportPage:
    """Return the page of the export; `drafts`: whether drafts stand in the list."""
    status = args.get("status")
    return ExportPage(
        args=args,
        count=export_count(reader, args, drafts=drafts),
        sets={
            "常用栏目": list(DEFAULT_COLUMNS),
            "全部栏目": [column.key for column in columns_for(reader)],
        },
        state=PROPOSAL.state(status).label if status in PROPOSAL.codes else "",
        call=dict(call_choices(reader)).get(args.get("call", ""), ""),
    )
