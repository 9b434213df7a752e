"""The search: hits in what the reader may see, counts by call and state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.grants import sees_by_state, visible_condition, visible_ids
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.search import AUDIENCES, BITS, MASK, OTHERS, OWN, SearchEntry
from lab.proposals.rules.lifecycle import PROPOSAL
from lab.proposals.rules.matching import (
    SnippetPart,
    Term,
    fields_with_hits,
    mark_hits,
    parse_terms,
    snippet,
)
from lab.proposals.search import words
from lab.web.pages.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 20
# Beyond so many hits nobody reads on, and counting them all would cost more with every call.
MAX_COUNTED = 500
_proposal_id = words.rowid.bitwise_rshift(BITS)
FIELD_LABELS = {
    "title": "名称",
    "number": "编号",
    "unit": "单位",
    "people": "人员",
    "text": "正文",
}


@dataclass(frozen=True)
class Hit:
    """One hit. `where`: labels of the matching fields; `snippet` is () when the text has no hit."""

    key: str
    number: tuple[SnippetPart, ...]
    title: tuple[SnippetPart, ...]
    unit: tuple[SnippetPart, ...]
    people: tuple[SnippetPart, ...]
    snippet: tuple[SnippetPart, ...]
    where: tuple[str, ...]
    call: str
    state: State


@dataclass(frozen=True)
class Facets:
    """Hit counts: (code or key, label, number) by state and by call.

    `more`: there are more hits than were counted; the newest MAX_COUNTED stand for all.
    """

    total: int
    more: bool
    states: tuple[tuple[str, str, int], ...]
    calls: tuple[tuple[str, str, int], ...]


def matches(actor: Actor, query_terms: Sequence[Term]) -> ColumnElement[bool]:
    """Return the SQL condition on Proposal: the terms occur in what the actor may see of it."""
    source, condition = words.hits(query_terms)
    mine = select(Proposal.id).where(is_participant(actor)).correlate(None)
    hits = select(_proposal_id).where(condition, _audience(_proposal_id.in_(mine)))
    # The sum keeps the planner from reading thousands of hits row by row: it goes through an index
    # in the order of the list, or through the one of the counts, and looks each id up.
    return (Proposal.id + 0).in_(hits.select_from(source))


def _audience(mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the SQL condition on a hit: its text is meant for participants (`mine`) or others."""
    audience = words.rowid.bitwise_and(MASK)
    own, others = AUDIENCES.index(OWN), AUDIENCES.index(OTHERS)
    return or_(and_(mine, audience != others), and_(not_(mine), audience != own))


def _hits(actor: Actor, query_terms: Sequence[Term], columns: Sequence[Any]) -> Select[Any]:
    source, condition = words.hits(query_terms)
    statement = (
        select(*columns)
        .select_from(source)
        .join(Proposal, Proposal.id == _proposal_id)
        .where(condition, visible_condition(actor), _audience(is_participant(actor)))
    )
    if sees_by_state(actor):
        return statement
    # Somebody who sees only the own ones has few: the index is asked about those alone.
    own = select(SearchEntry.id).where(SearchEntry.proposal_id.in_(visible_ids(actor)))
    return statement.where(source.c.rowid.in_(own))


def search_proposals(actor: Actor, args: Mapping[str, str]) -> tuple[Page, Facets]:
    """Return a page of Hit, newest proposal first, and the counts.

    `args`: `q`, `status` (a code), `call` (a key), cursors. The page is empty without a query. The
    counts are those of `q` alone, whatever state and call are selected.
    """
    query_terms = parse_terms(args.get("q", ""))
    if not query_terms:
        return Page(()), Facets(0, False, (), ())
    newest = _newest(actor, query_terms)
    more = len(newest) > MAX_COUNTED
    # Where all hits are known by now, the index need not be asked again.
    entry = SearchEntry
    statement = (
        _hits(actor, query_terms, _SHOWN).join(entry, entry.id == words.rowid)
        if more
        else select(*_SHOWN)
        .join(Proposal, Proposal.id == entry.proposal_id)
        .where(entry.id.in_([row[0] for row in newest]))
    ).join(Call, Call.id == Proposal.call_id)
    if args.get("status") in PROPOSAL.codes:
        statement = statement.where(Proposal.status == args["status"])
    if args.get("call"):
        statement = statement.where(Call.key == args["call"])
    keys = ((words.rowid if more else entry.id).desc(),)
    page = paginate(statement, keys, args, session=db.session(), size=PAGE_SIZE)
    return page.map(lambda row: _hit(query_terms, row)), _facets(newest[:MAX_COUNTED], more=more)


_SHOWN: tuple[Any, ...] = (
    *(Proposal.key, SearchEntry.number, SearchEntry.title, SearchEntry.unit, SearchEntry.people),
    *(SearchEntry.abstract, SearchEntry.body, Call.title, Proposal.status),
)


def _newest(actor: Actor, query_terms: Sequence[Term]) -> Sequence[Any]:
    """Return (entry id, state, call id) of the newest hits, one more than are counted."""
    columns = (words.rowid, Proposal.status, Proposal.call_id)
    statement = _hits(actor, query_terms, columns).order_by(words.rowid.desc())
    return db.session.execute(statement.limit(MAX_COUNTED + 1)).all()


def _hit(query_terms: Sequence[Term], row: Any) -> Hit:
    key, number, title, unit, people, abstract, body, call, status = row
    text = f"{abstract}\n{body}"
    fields = {"title": title, "number": number, "unit": unit, "people": people, "text": text}
    where = fields_with_hits(query_terms, fields)
    return Hit(
        key=key,
        number=mark_hits(query_terms, number),
        title=mark_hits(query_terms, title),
        unit=mark_hits(query_terms, unit),
        people=mark_hits(query_terms, people) if "people" in where else (),
        snippet=snippet(query_terms, text) if "text" in where else (),
        where=tuple(FIELD_LABELS[name] for name in where),
        call=call,
        state=PROPOSAL.state(status),
    )


def _facets(counted: Sequence[Any], *, more: bool) -> Facets:
    states = Counter(row[1] for row in counted)
    calls = Counter(row[2] for row in counted)
    call_rows = db.session.execute(
        select(Call.id, Call.key, Call.title)
        .where(Call.id.in_(calls))
        .order_by(Call.year.desc(), Call.batch.desc())
    ).all()
    return Facets(
        total=len(counted),
        more=more,
        states=tuple((s.code, s.label, states[s.code]) for s in PROPOSAL.states if states[s.code]),
        calls=tuple((key, title, calls[call_id]) for call_id, key, title in call_rows),
    )
