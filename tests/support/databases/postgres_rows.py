"""Puts the database of a test back to the rows of its template, without making it anew.

Making and dropping a database is work with the files of all its tables; taking rows out and
putting a few back touches only those that have any.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection, sql

# Tables and what hangs on them keep their numbers in a copy of a database, until somebody makes
# them anew; a table that got or lost a column counts on.
SHAPE = """
SELECT md5(string_agg(oid || ':' || relnatts, ',' ORDER BY oid))
    || (SELECT md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_trigger)
    || (SELECT md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_constraint)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'
"""
# An idle session has no transaction, so it locks no row and no table that is emptied here. What
# else it may hold (settings, temporary tables, advisory locks) is cleaned by `app_pool`.
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'
"""
COUNT = """
SELECT setval(quote_ident(name)::regclass, number, called)
FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS known (name, number, called)
"""


@dataclass(frozen=True)
class Contents:
    """What a database holds: the rows of its tables that have any, as COPY writes them, and how
    far its sequences have counted (None: not yet); `shape` changes with every table."""

    shape: str
    rows: dict[str, bytes]
    sequences: dict[str, int | None]


def read(connection: Connection) -> Contents:
    """All that is in the database."""
    rows = {}
    for table in _filled(connection):
        command = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            rows[table] = b"".join(copy)
    found = connection.execute(SEQUENCES).fetchall()
    return Contents(_shape(connection), rows, {name: last for name, last in found})


def put_back(connection: Connection, wanted: Contents) -> bool:
    """Make the database hold what `wanted` says; False, and nothing done, when its tables have
    been made anew since."""
    with connection.transaction():
        return _put_back(connection, wanted)


def _put_back(connection: Connection, wanted: Contents) -> bool:
    if _shape(connection) != wanted.shape:
        return False
    connection.execute(OTHERS)
    # No trigger and no foreign key looks at what is done here.
    connection.execute("SET LOCAL session_replication_role = replica")
    for table in _filled(connection):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for table, data in wanted.rows.items():
        command = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            copy.write(data)
    counted = [(name, last or 1, last is not None) for name, last in wanted.sequences.items()]
    names, numbers, called = zip(*counted, strict=True)
    connection.execute(COUNT, (list(names), list(numbers), list(called)))
    return True


def _shape(connection: Connection) -> str:
    row = connection.execute(SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _filled(connection: Connection) -> list[str]:
    """The tables that have rows."""
    names = [row[0] for row in connection.execute(TABLES)]
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
        for name in names
    )
    return [row[0] for row in connection.execute(asked)] if names else []
