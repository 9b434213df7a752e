"""The worker: `python -m lab.worker`. One process that renders and sweeps; run more as needed."""

from __future__ import annotations

from app import app


def main() -> None:
    """Do the work of every lane until SIGINT or SIGTERM, catching up on waiting jobs first."""
    from lab.nodes import beating
    from lab.nodes.rules import WORKER
    from lab.reports import sandbox
    from lab.reports.fonts import font_folders, log_broken

    beating.start(app, WORKER)
    folders = font_folders(app.config["SETTINGS"].font_dir)
    log_broken(folders)
    sandbox.warm(folders)
    app.extensions["queue"].consume()


if __name__ == "__main__":
    main()
