"""The portals that the tests of hidden content and of offered actions read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.extensions import db
from lab.factory import create_app
from tests.conftest import MAIL, settings_for
from tests.support.documents.reading_here import workbooks_read_here
from tests.support.permission_matrix.twin_portals import TwinPortals


@pytest.fixture(scope="session")
def twin_portals(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TwinPortals]:
    """Made once, because it costs some seconds; whoever reads in it enters a state first."""
    instance = tmp_path_factory.mktemp("twin-portals")
    shutil.copy(sqlite_template / "lab.db", instance / "lab.db")
    app = create_app(replace(settings_for(instance, **MAIL), log_level="CRITICAL"))
    with workbooks_read_here():
        portals = TwinPortals(app)
    yield portals
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
