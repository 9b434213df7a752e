"""The heartbeat of a running process."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from lab.config.settings import Settings
from lab.db import writing
from lab.nodes import service, traces
from lab.nodes.identity import this_node
from lab.nodes.rules import BEAT_SECONDS, Node

log = logging.getLogger("lab.nodes")


def start(app: Flask, kind: str) -> None:
    """Beat now and every half minute, in a thread that ends with the process.

    By itself, because neither a long PDF nor a page that nobody asks for says that a process has
    gone. Processes of one kind on one machine share a row.
    """
    node = this_node(app.config["SETTINGS"].instance)
    threading.Thread(target=_go_on, args=(app, node, kind), name="heartbeat", daemon=True).start()


def _go_on(app: Flask, node: Node, kind: str) -> None:
    pause = threading.Event()
    while True:
        beat_once(app, node, kind)
        pause.wait(BEAT_SECONDS)


def beat_once(app: Flask, node: Node, kind: str) -> None:
    """Write one heartbeat. A database that does not take it now gets the next one."""
    settings: Settings = app.config["SETTINGS"]
    try:
        with app.app_context(), writing() as session:
            at = service.beat(session, node, kind)
        if settings.shared_instance:
            traces.leave(settings.instance, node, at)
    except Exception as error:
        log.warning("no heartbeat: %s", type(error).__name__)
