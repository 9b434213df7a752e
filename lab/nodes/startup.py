"""Start-up of a node: join the running ones, or refuse to start."""

from __future__ import annotations

import logging

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from lab.config.settings import Settings, SettingsError
from lab.db import engine_options, prepare_engine
from lab.nodes import presence_marks, service
from lab.nodes.identity import this_node

log = logging.getLogger("lab.nodes")
ADVISORY_LOCK = 7_205_918  # any constant of its own; two nodes that start at once come in turn


def join_nodes(settings: Settings, kind: str) -> None:
    """Record that a process of this kind starts here.

    Raises SettingsError with a plain sentence while a node that must not run beside this one was
    seen in the last two minutes. An unreachable database, or one without the table, stops nobody:
    the administrators' page keeps checking.
    """
    engine = create_engine(settings.database_url, **engine_options(settings))
    prepare_engine(engine)
    try:
        with Session(engine) as session, session.begin():
            _join(session, settings, kind)
    except (OperationalError, ProgrammingError) as error:
        log.warning("other nodes could not be looked for: %s", type(error).__name__)
    finally:
        engine.dispose()


def _join(session: Session, settings: Settings, kind: str) -> None:
    if not settings.sqlite:
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
    node, instance = this_node(settings.instance), settings.instance
    service.purge_old(session)
    conflict = service.conflict_with_others(
        service.seen_processes(session), node, instance, shared=settings.shared_instance
    )
    if conflict:
        reason, host = conflict
        raise SettingsError(reason.message(host))
    at = service.record_heartbeat(session, node, kind)
    if settings.shared_instance:
        presence_marks.write_mark(instance, node, at)
