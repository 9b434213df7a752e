"""`bin/bench [N …]`: load N proposals into a database of its own, measure, write the figures.

Default 1000 and 10000. Writes bench.json and prints a table; nothing touches the portal's own
instance folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from flask_migrate import upgrade

from bench import load
from bench.measure import SAVING, Figure, measure
from lab.config.settings import load_settings
from lab.extensions import db
from lab.factory import create_app
from lab.proposals.search import index as search_index

MOST, GROWTH, QUERIES = 12.0, 1.5, 12
SAVING_MOST = 8.0
# CPU seconds of indexing, noted beside a database that is kept.
INDEXED = "indexed-seconds.txt"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--keep", type=Path, help="Folder to keep the databases in.")
    parser.add_argument("--runs", type=int, default=40, help="Requests of each page.")
    asked = parser.parse_args(words)
    found = {count: _one(count, asked.keep, asked.runs) for count in asked.counts}
    plain: dict[str, object] = {
        str(n): [asdict(figure) for figure in figures] for n, (figures, _) in found.items()
    }
    plain["indexing"] = {str(n): seconds for n, (_, seconds) in found.items()}
    asked.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(table({n: figures for n, (figures, _) in found.items()}))
    for n, (_, seconds) in sorted(found.items()):
        print(
            f"\n{n} proposals indexed in {seconds:.1f} s of CPU, 10,000 of them in "
            f"{seconds * 10_000 / n:.1f} s."
        )
    return 0


def _one(count: int, keep: Path | None, runs: int) -> tuple[list[Figure], float]:
    with tempfile.TemporaryDirectory(prefix="lab-bench-") as folder:
        instance = (keep / str(count)) if keep else Path(folder)
        fresh = not (instance / "lab.db").exists()
        instance.mkdir(parents=True, exist_ok=True)
        settings = load_settings(
            {
                "LAB_INSTANCE": str(instance),
                "LAB_SECRET_KEY": "bench-only-0123456789-abcdefghijklmnop",
                "LAB_LOG_LEVEL": "WARNING",
                "LAB_AUDIT_KEY": "bench-only-abcdefghijklmnop-0123456789",
            }
        )
        app = create_app(settings)
        with app.app_context():
            if fresh:
                seconds = _fill(count)
                (instance / INDEXED).write_text(f"{seconds}\n", encoding="ascii")
            else:
                upgrade()
        figures = measure(app, instance / "lab.db", runs)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        return figures, float((instance / INDEXED).read_text(encoding="ascii"))


def _fill(count: int) -> float:
    """Load and index; return the CPU seconds of indexing."""
    start = time.perf_counter()
    upgrade()
    load.load(count)
    stored, before = time.perf_counter(), time.process_time()
    search_index.rebuild()
    seconds = time.process_time() - before
    print(
        f"{count}: loaded in {stored - start:.1f} s, indexed in "
        f"{time.perf_counter() - stored:.1f} s",
        file=sys.stderr,
    )
    return seconds


def table(found: dict[int, list[Figure]]) -> str:
    """The figures as a Markdown table, CPU in milliseconds; ! marks what is above its figure."""
    counts = sorted(found)
    head = ["page", *(f"N={n}: portal / floor" for n in counts), "times floor", "growth", "queries"]
    lines = [head, ["---"] * len(head)]
    for rows in zip(*(found[n] for n in counts), strict=True):
        last = rows[-1]
        times, growth = last.portal / last.floor, last.portal / rows[0].portal
        most = SAVING_MOST if last.page == SAVING else MOST
        over = last.portal > most or growth > GROWTH or last.queries > QUERIES
        lines.append(
            [
                f"{last.page}{' !' if over else ''}",
                *(f"{row.portal:.1f} / {row.floor:.1f}" for row in rows),
                f"{times:.1f}",
                f"{growth:.2f}",
                "/".join(str(row.queries) for row in rows),
            ]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
