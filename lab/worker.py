"""The worker: `python -m lab.worker`. One process that renders and sweeps; run more as needed."""

from __future__ import annotations

import logging

from app import app


def main() -> None:
    """Run the Huey consumer until SIGINT or SIGTERM, catching up on waiting jobs first."""
    from lab.jobs import service
    from lab.nodes import beating
    from lab.nodes.rules import WORKER
    from lab.reports import sandbox
    from lab.reports.fonts import font_folders

    beating.start(app, WORKER)
    sandbox.warm(font_folders(app.config["SETTINGS"].font_dir))
    with app.app_context():
        service.run_due()
    logging.getLogger("lab.worker").info("worker ready")
    consumer = app.extensions["queue"].create_consumer(
        workers=1, worker_type="thread", periodic=True, initial_delay=0.05, max_delay=0.5
    )
    consumer.run()


if __name__ == "__main__":
    main()
