"""The portal that the corpus is sent to: made once, put back by every test that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.extensions import db
from tests.support.corpus.portal import Portal


@pytest.fixture(scope="session")
def portal(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = Portal(sqlite_template / "lab.db", tmp_path_factory.mktemp("corpus"))
    yield portal
    with portal.app.app_context():
        db.session.remove()
        db.engine.dispose()
