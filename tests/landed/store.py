"""Keep what an instance stores as the data of a landed version, beside this file.

    python tests/landed/store.py instance/lab.db [PREFIX]

Made from a fresh demonstration of that version; with the prefix "unfinished-" from what its tests
fill a portal with, while no worker ran. LAB_AUDIT_KEY is that of tests/conftest.py, so that the
audit log can be checked.
"""

from __future__ import annotations

import base64
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


FOLDERS = ("files", "previews", "reports")


def stored_files(database: Path) -> dict[str, str]:
    """Path below the instance → content in base64, of every file that a row may name."""
    files = sorted(file for name in FOLDERS for file in (database.parent / name).glob("*"))
    return {
        str(file.relative_to(database.parent)): base64.b64encode(file.read_bytes()).decode()
        for file in files
    }


def main(path: str, prefix: str = "") -> None:
    """Write tests/landed/<prefix><head>.json.gz, the heads of the audit log with it."""
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
    data["files"] = stored_files(Path(path))
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    target = Path(__file__).with_name(f"{prefix}{head}.json.gz")
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target.name}: {sum(len(table['rows']) for table in tables.values())} rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
