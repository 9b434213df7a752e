"""Keep what an instance stores as the data of a landed version, beside this file.

    python tests/landed/store.py instance/lab.db

Made from a fresh demonstration of that version, with LAB_AUDIT_KEY as in tests/conftest.py, so that
its audit log can be checked.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

# Virtual tables, and what hangs on them, are filled by the portal itself.
TABLES = """
SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
AND name NOT LIKE 'search_words%' AND name NOT IN ('alembic_version', 'sqlite_sequence')
ORDER BY name
"""


def main(path: str) -> None:
    """Write tests/landed/<head>.json.gz, equal for equal data, with the heads of the audit log."""
    database = sqlite.connect(path)
    tables = {}
    for (name,) in database.execute(TABLES).fetchall():
        found = database.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in found.description]
        if rows := found.fetchall():
            tables[name] = {"columns": columns, "rows": [list(row) for row in rows]}
    (head,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    kept = Path(path).with_name("audit-heads.log")
    heads = kept.read_text("ascii") if kept.exists() else ""
    data = {"revision": head, "tables": tables, "heads": heads}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    target = Path(__file__).with_name(f"{head}.json.gz")
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target.name}: {sum(len(table['rows']) for table in tables.values())} rows")


if __name__ == "__main__":
    main(sys.argv[1])
