"""The web server's own log in the portal's format."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from lab.logs.setup import StderrHandler, guard_process


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's logger without the addresses, headers and messages it quotes."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.addHandler(StderrHandler())
        logging.getLogger("gunicorn").propagate = False
        guard_process()
