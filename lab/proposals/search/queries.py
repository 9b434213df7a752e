"""The search: hits in what the reader may see, counts by call and state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true

from lab.calls.models.call import Call
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.visibility.grants import sees_by_state, visible_condition
from lab.proposals.core.visibility.relations import is_participant, participant_ids
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
from lab.web.pages.state_filter import COUNTED_AT_MOST
from lab.workflow import State

PAGE_SIZE = 20
# Words with more hits than that are looked for in the rows of a list, one after the other.
GATHERED_AT_MOST = 2000
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

    `more`: there are more hits than were counted; the newest COUNTED_AT_MOST stand for all.
    """

    total: int
    more: bool
    states: tuple[tuple[str, str, int], ...]
    calls: tuple[tuple[str, str, int], ...]


def matches(
    actor: Actor, query_terms: Sequence[Term], *, whole: bool = False
) -> ColumnElement[bool]:
    """Return the SQL condition on Proposal: the terms occur in what the actor may see of it.

    `whole`: the list is read to its end, not up to a page.
    """
    one_by_one = _holds(actor, query_terms)
    if not sees_by_state(actor):
        # Few are the actor's own. Named by their ids, or SQLite goes through all proposals.
        return and_(Proposal.id.in_(participant_ids(actor)), one_by_one)
    source, condition = words.hits(query_terms)
    mine = select(Proposal.id).where(is_participant(actor)).correlate(None)
    found = _audience(words.rowid, _proposal_id.in_(mine))
    gathered = select(_proposal_id).select_from(source).where(condition, found)
    # The sum keeps the planner from reading thousands of hits row by row: it goes through an index
    # in the order of the list, or through the one of the counts, and looks each id up.
    if whole:
        return (Proposal.id + 0).in_(gathered)
    # Of a common word the first page is full after some rows of the list; of a rare one the list
    # would be looked through in vain, but its hits are soon gathered.
    common = words.number_up_to(query_terms, GATHERED_AT_MOST + 1) > GATHERED_AT_MOST
    few = (Proposal.id + 0).in_(gathered.limit(GATHERED_AT_MOST + 1))
    return or_(and_(common, one_by_one), few)


def _holds(actor: Actor, query_terms: Sequence[Term]) -> ColumnElement[bool]:
    """Return the SQL condition on Proposal: as in `matches`, asking the index for each row."""
    first = Proposal.id * (1 << BITS)
    # Who sees only the own ones takes part in every one of the list.
    mine = is_participant(actor) if sees_by_state(actor) else true()
    fitting = _audience(words.rowid, mine)
    condition: ColumnElement[bool] = words.holds(query_terms, first, first + MASK, fitting)
    return condition


def count_matches(
    actor: Actor, query_terms: Sequence[Term], narrower: ColumnElement[bool]
) -> dict[str, int] | None:
    """Return state -> how many of the `narrower` proposals contain the terms.

    None where the terms stand in more than COUNTED_AT_MOST texts. One query.
    """
    source, condition = words.hits(query_terms)
    hit = select(words.rowid.label("entry")).select_from(source).where(condition)
    entry = hit.limit(COUNTED_AT_MOST + 1).subquery().c.entry
    fitting = and_(narrower, _audience(entry, is_participant(actor)))
    rows = db.session.execute(
        select(Proposal.status, func.count())
        .select_from(entry.table)
        .outerjoin(Proposal, and_(Proposal.id == entry.bitwise_rshift(BITS), fitting))
        .group_by(Proposal.status)
    )
    numbers: dict[str | None, int] = {status: number for status, number in rows}
    if sum(numbers.values()) > COUNTED_AT_MOST:
        return None
    return {status: number for status, number in numbers.items() if status}


def _audience(entry: Any, mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the SQL condition on an entry's id: it is for participants (`mine`) or others."""
    audience = entry.bitwise_and(MASK)
    own, others = AUDIENCES.index(OWN), AUDIENCES.index(OTHERS)
    return or_(and_(mine, audience != others), and_(not_(mine), audience != own))


def _hits(
    actor: Actor, query_terms: Sequence[Term], columns: Sequence[Any]
) -> tuple[Any, Select[Any]]:
    """Return the column with the entry's id, and the SELECT of these columns of all hits."""
    if sees_by_state(actor) and not _are_many(query_terms):
        source, condition = words.hits(query_terms)
        entry: Any = words.rowid
        statement = select(*columns).select_from(source).where(condition)
        statement = statement.join(Proposal, Proposal.id == _proposal_id)
    else:
        entry = SearchEntry.id
        statement = select(*columns).select_from(SearchEntry)
        statement = statement.join(Proposal, Proposal.id == SearchEntry.proposal_id)
        statement = statement.where(words.holds(query_terms, entry, entry, true()))
    if not sees_by_state(actor):
        # Somebody who sees only the own ones has few: the index is asked about each of those.
        statement = statement.where(Proposal.id.in_(participant_ids(actor)))
    return entry, statement.where(visible_condition(actor), _audience(entry, is_participant(actor)))


def _are_many(query_terms: Sequence[Term]) -> bool:
    """Return whether the newest hits are found sooner by going through the entries.

    SQLite reads hits in the order of their ids anyway; PostgreSQL would gather and sort them all.
    """
    if not words.on_postgresql():
        return False
    number = db.session.scalar(select(words.number_up_to(query_terms, GATHERED_AT_MOST + 1)))
    return bool(number and number > GATHERED_AT_MOST)


def search_proposals(actor: Actor, args: Mapping[str, str]) -> tuple[Page, Facets]:
    """Return a page of Hit, newest proposal first, and the counts.

    `args`: `q`, `status` (a code), `call` (a key), cursors. The page is empty without a query. The
    counts are those of `q` alone, whatever state and call are selected.
    """
    query_terms = parse_terms(args.get("q", ""))
    if not query_terms:
        return Page(()), Facets(0, False, (), ())
    newest = _newest(actor, query_terms)
    entry, statement = _shown(actor, query_terms, newest)
    if args.get("status") in PROPOSAL.codes:
        statement = statement.where(Proposal.status == args["status"])
    if args.get("call"):
        statement = statement.where(Call.key == args["call"])
    page = paginate(statement, (entry.desc(),), args, session=db.session(), size=PAGE_SIZE)
    return page.map(lambda row: _hit(query_terms, row)), _facets(newest)


_SHOWN: tuple[Any, ...] = (
    *(Proposal.key, SearchEntry.number, SearchEntry.title, SearchEntry.unit, SearchEntry.people),
    *(SearchEntry.abstract, SearchEntry.body, Call.title, Proposal.status),
)


def _newest(actor: Actor, query_terms: Sequence[Term]) -> Sequence[Any]:
    """Return (state, call id, entry id) of the newest hits, one more than are counted."""
    columns = [Proposal.status, Proposal.call_id]
    entry, statement = _hits(actor, query_terms, columns)
    statement = statement.add_columns(entry).order_by(entry.desc())
    return db.session.execute(statement.limit(COUNTED_AT_MOST + 1)).all()


def _shown(
    actor: Actor, query_terms: Sequence[Term], newest: Sequence[Any]
) -> tuple[Any, Select[Any]]:
    """Return the column with the entry's id, and the SELECT of what is shown of all hits."""
    if len(newest) > COUNTED_AT_MOST:
        entry, statement = _hits(actor, query_terms, _SHOWN)
        if entry is words.rowid:
            statement = statement.join(SearchEntry, SearchEntry.id == entry)
    else:  # all hits are known by now: the index need not be asked again
        entry = SearchEntry.id
        statement = select(*_SHOWN).join(Proposal, Proposal.id == SearchEntry.proposal_id)
        statement = statement.where(entry.in_([row[2] for row in newest]))
    return entry, statement.join(Call, Call.id == Proposal.call_id)


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


def _facets(newest: Sequence[Any]) -> Facets:
    counted = newest[:COUNTED_AT_MOST]
    states = Counter(row[0] for row in counted)
    calls = Counter(row[1] for row in counted)
    call_rows = db.session.execute(
        select(Call.id, Call.key, Call.title)
        .where(Call.id.in_(calls))
        .order_by(Call.year.desc(), Call.batch.desc())
    ).all()
    return Facets(
        total=len(counted),
        more=len(newest) > COUNTED_AT_MOST,
        states=tuple((s.code, s.label, states[s.code]) for s in PROPOSAL.states if states[s.code]),
        calls=tuple((key, title, calls[call_id]) for call_id, key, title in call_rows),
    )
