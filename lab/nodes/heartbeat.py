"""The heartbeat of a running process."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from lab.config.settings import Settings
from lab.db import writing
from lab.nodes import presence_marks, service
from lab.nodes.identity import this_node
from lab.nodes.rules import BEAT_SECONDS, Node

log = logging.getLogger("lab.nodes")


def start_heartbeat(app: Flask, kind: str) -> None:
    """Send a heartbeat now and every half minute, in a thread that ends with the process.

    In a thread, because neither a long PDF nor an idle web server means that a process has gone.
    Processes of one kind on one machine share a row.
    """
    node = this_node(app.config["SETTINGS"].instance)
    threading.Thread(
        target=_beat_forever, args=(app, node, kind), name="heartbeat", daemon=True
    ).start()


def _beat_forever(app: Flask, node: Node, kind: str) -> None:
    pause = threading.Event()
    while True:
        send_heartbeat(app, node, kind)
        pause.wait(BEAT_SECONDS)


def send_heartbeat(app: Flask, node: Node, kind: str) -> None:
    """Write one heartbeat. If the database rejects it, the next one is sent as usual."""
    settings: Settings = app.config["SETTINGS"]
    try:
        with app.app_context(), writing() as session:
            at = service.record_heartbeat(session, node, kind)
        if settings.shared_instance:
            presence_marks.write_mark(settings.instance, node, at)
    except Exception as error:
        log.warning("no heartbeat: %s", type(error).__name__)
