"""The word index beside `search_entry`: FTS5 on SQLite, tsvector on PostgreSQL.

Both take prepared words (`rules.matching.index_words`), so both find the same. `search_words` is
not in the portal's metadata: the migration creates it for each database in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    column,
    func,
    literal,
    select,
    table,
    text,
)

from lab.extensions import db
from lab.proposals.rules.matching import Term

TABLE = "search_words"
FIELDS = ("number", "title", "unit", "people", "body")
# Only these are looked at for a term too short for the long texts.
SHORT_FIELDS = ("number", "title", "unit")
# PostgreSQL knows four weights: number and name share one.
_WEIGHTS = {"number": "A", "title": "A", "unit": "B", "people": "C", "body": "D"}
_LAST_POSITION = 16_383  # of PostgreSQL's tsvector; the longest proposal has about 11,000 words
_words: Any = table(TABLE, column("rowid"), column(TABLE), column("words"))
rowid: Any = _words.c.rowid


def insert_words(
    connection: Connection, entries: Mapping[int, Mapping[str, Sequence[str]]]
) -> None:
    """Insert the words of entries by id; each has the FIELDS."""
    if connection.dialect.name == "sqlite":
        columns, marks = ", ".join(FIELDS), ", ".join(f":{name}" for name in FIELDS)
        statement = f"INSERT INTO {TABLE} (rowid, {columns}) VALUES (:rowid, {marks})"
        values = [
            {"rowid": number, **{name: " ".join(fields[name]) for name in FIELDS}}
            for number, fields in entries.items()
        ]
    else:
        statement = f"INSERT INTO {TABLE} (rowid, words) VALUES (:rowid, CAST(:words AS tsvector))"
        values = [{"rowid": number, "words": _vector(fields)} for number, fields in entries.items()]
    connection.execute(text(statement), values)


def _vector(fields: Mapping[str, Sequence[str]]) -> str:
    """Format the words with positions as a PostgreSQL tsvector, with a gap between fields."""
    positions_of_word: dict[str, list[str]] = {}
    start = 1
    for name in FIELDS:
        for position, word in enumerate(fields[name][: _LAST_POSITION - start], start=start):
            positions_of_word.setdefault(word, []).append(f"{position}{_WEIGHTS[name]}")
        start += len(fields[name]) + 1
    return " ".join(
        f"'{word}':{','.join(positions_found)}"
        for word, positions_found in positions_of_word.items()
    )


def optimise(connection: Connection) -> None:
    """Merge SQLite's index segments, which makes searches in few proposals ten times faster.

    PostgreSQL needs nothing.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')"))


def hits(terms: Sequence[Term]) -> tuple[Any, Any]:
    """Return (table to select from, condition) of the entries that contain every term."""
    if db.engine.dialect.name == "sqlite":
        return _words, _words.c[TABLE].op("MATCH")(bindparam(None, match_text(terms)))
    # The query is written out: no dictionary looks at it.
    query_value: Any = bindparam(None, _tsquery(terms))
    return _words, _words.c.words.op("@@")(query_value.op("::")(text("tsquery")))


def ids(terms: Sequence[Term]) -> Select[Any]:
    """Return the ids of the entries that contain every term."""
    source, condition = hits(terms)
    return select(source.c.rowid).where(condition)


def holds(terms: Sequence[Term], first: Any, last: Any, fitting: ColumnElement[bool]) -> Any:
    """Return the SQL condition: a fitting entry from id `first` to `last` contains every term.

    Looks into these entries alone, where `ids` gathers all there are.
    """
    source, condition = hits(terms)
    inside = select(literal(1)).select_from(source).where(condition, fitting)
    inside = inside.where(rowid.between(first, last)).correlate_except(source)
    # Or PostgreSQL would join all hits after all.
    return (inside.offset(0) if on_postgresql() else inside).exists()


def on_postgresql() -> bool:
    """Return whether the planner guesses how many texts have a phrase, and guesses too few."""
    return bool(db.engine.dialect.name == "postgresql")


def number_up_to(terms: Sequence[Term], limit: int) -> Any:
    """Return the number of the entries that contain every term as a column, at most `limit`."""
    several = ids(terms).limit(limit).subquery()
    return select(func.count()).select_from(several).scalar_subquery()


def match_text(terms: Sequence[Term]) -> str:
    """Format the query in SQLite's syntax."""
    # Words hold letters, figures and characters only, so nothing in them can end the quotes.
    return " AND ".join(
        f"{{{' '.join(SHORT_FIELDS)}}} : {_phrase(term)}" if term.narrow else _phrase(term)
        for term in terms
    )


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.begun else ""}'


def _tsquery(terms: Sequence[Term]) -> str:
    narrow = "".join(sorted({_WEIGHTS[name] for name in SHORT_FIELDS}))
    return " & ".join(f"({_steps(term, narrow if term.narrow else '')})" for term in terms)


def _steps(term: Term, weights: str) -> str:
    prefix_mark = "*" if term.begun else ""
    ends = ["" if not weights else f":{weights}"] * (len(term.words) - 1) + [
        f":{prefix_mark}{weights}"
    ]
    parts = (f"'{word}'{end}" for word, end in zip(term.words, ends, strict=True))
    return " <-> ".join(part.removesuffix(":") for part in parts)
