"""The worker: `python -m lab.worker`. One process that renders and sweeps; run more as needed."""

from __future__ import annotations

from app import app


def main() -> None:
    """Do the work of every lane until SIGINT or SIGTERM, catching up on waiting jobs first."""
    from lab.nodes import beating
    from lab.nodes.rules import WORKER
    from lab.reports import sandbox
    from lab.reports.fonts import font_folders

    beating.start(app, WORKER)
    sandbox.warm(font_folders(app.config["SETTINGS"].font_dir))
    app.extensions["queue"].consume()


if __name__ == "__main__":
    main()
