"""The search: hits in what the reader may see, counts by call and state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select

from lab.calls.models import Call
from lab.extensions import db
from lab.policy import Actor
from lab.proposals import search_words
from lab.proposals.access import covers_states, takes_part, visible, visible_ids
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.matching import Stretch, Term, found_in, marked, snippet, terms
from lab.proposals.models import Proposal
from lab.proposals.models_search import ALL, OTHERS, OWN, SearchEntry
from lab.web.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 20
# Beyond so many hits nobody reads on, and counting them all would cost more with every call.
MOST_COUNTED = 1000
FIELD_LABELS = {
    "title": "名称",
    "number": "编号",
    "unit": "单位",
    "people": "人员",
    "text": "正文",
}


@dataclass(frozen=True)
class Hit:
    """One hit. `where`: in which fields, in words; `snippet` is () when the text has no hit."""

    key: str
    number: tuple[Stretch, ...]
    title: tuple[Stretch, ...]
    unit: tuple[Stretch, ...]
    people: tuple[Stretch, ...]
    snippet: tuple[Stretch, ...]
    where: tuple[str, ...]
    call: str
    state: State


@dataclass(frozen=True)
class Facets:
    """How many hits there are: (code or key, label, number) by state and by call.

    `more`: there are more than were counted; then the newest MOST_COUNTED stand for all.
    """

    total: int
    more: bool
    states: tuple[tuple[str, str, int], ...]
    calls: tuple[tuple[str, str, int], ...]


def found_by(actor: Actor, asked: Sequence[Term]) -> ColumnElement[bool]:
    """SQL condition on Proposal: the terms stand in what the actor may see of it."""
    mine = takes_part(actor)
    return or_(
        and_(mine, Proposal.id.in_(_matching(asked, OWN))),
        and_(not_(mine), Proposal.id.in_(_matching(asked, OTHERS))),
    )


def _matching(asked: Sequence[Term], audience: str) -> Select[Any]:
    source, condition = search_words.hits(asked)
    return (
        select(SearchEntry.proposal_id)
        .join(source, source.c.rowid == SearchEntry.id)
        .where(condition, SearchEntry.audience.in_((ALL, audience)))
    )


def _hits(actor: Actor, asked: Sequence[Term], columns: Sequence[Any]) -> Select[Any]:
    source, condition = search_words.hits(asked)
    mine = takes_part(actor)
    statement = (
        select(*columns)
        .select_from(source)
        .join(SearchEntry, SearchEntry.id == source.c.rowid)
        .join(Proposal, Proposal.id == SearchEntry.proposal_id)
        .where(
            condition,
            visible(actor),
            or_(
                SearchEntry.audience == ALL,
                and_(SearchEntry.audience == OWN, mine),
                and_(SearchEntry.audience == OTHERS, not_(mine)),
            ),
        )
    )
    if covers_states(actor):
        return statement
    # Somebody who sees only the own ones has few: the index is asked about those alone.
    own = select(SearchEntry.id).where(SearchEntry.proposal_id.in_(visible_ids(actor)))
    return statement.where(source.c.rowid.in_(own))


def search(actor: Actor, args: Mapping[str, str]) -> tuple[Page, Facets]:
    """A page of `Hit`, newest proposal first, and the counts.

    `args`: `q`, `status` (a code), `call` (a key), cursors. Without anything to look for the page
    is empty. The counts are those of `q` alone, whatever state and call are chosen.
    """
    asked = terms(args.get("q", ""))
    if not asked:
        return Page(()), Facets(0, False, (), ())
    entry = SearchEntry
    columns = (
        *(Proposal.key, entry.number, entry.title, entry.unit, entry.people, entry.abstract),
        *(entry.body, Call.title, Proposal.status),
    )
    statement = _hits(actor, asked, columns).join(Call, Call.id == Proposal.call_id)
    if args.get("status") in PROPOSAL.codes:
        statement = statement.where(Proposal.status == args["status"])
    if args.get("call"):
        statement = statement.where(Call.key == args["call"])
    keys = (search_words.rowid.desc(),)
    page = paginate(statement, keys, args, session=db.session(), size=PAGE_SIZE)
    return page.map(lambda row: _hit(asked, row)), _facets(actor, asked)


def _hit(asked: Sequence[Term], row: Any) -> Hit:
    key, number, title, unit, people, abstract, body, call, status = row
    text = f"{abstract}\n{body}"
    fields = {"title": title, "number": number, "unit": unit, "people": people, "text": text}
    where = found_in(asked, fields)
    return Hit(
        key=key,
        number=marked(asked, number),
        title=marked(asked, title),
        unit=marked(asked, unit),
        people=marked(asked, people) if "people" in where else (),
        snippet=snippet(asked, text) if "text" in where else (),
        where=tuple(FIELD_LABELS[name] for name in where),
        call=call,
        state=PROPOSAL.state(status),
    )


def _facets(actor: Actor, asked: Sequence[Term]) -> Facets:
    columns = (Proposal.status, Proposal.call_id)
    statement = _hits(actor, asked, columns).order_by(search_words.rowid.desc())
    rows = db.session.execute(statement.limit(MOST_COUNTED + 1)).all()
    counted = rows[:MOST_COUNTED]
    states = Counter(row[0] for row in counted)
    calls = Counter(row[1] for row in counted)
    named = db.session.execute(
        select(Call.id, Call.key, Call.title)
        .where(Call.id.in_(calls))
        .order_by(Call.year.desc(), Call.batch.desc())
    ).all()
    return Facets(
        total=len(counted),
        more=len(rows) > MOST_COUNTED,
        states=tuple((s.code, s.label, states[s.code]) for s in PROPOSAL.states if states[s.code]),
        calls=tuple((key, title, calls[call_id]) for call_id, key, title in named),
    )
