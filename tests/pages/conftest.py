"""The world that the tests of what is hidden and of what is offered look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.extensions import db
from lab.factory import create_app
from tests.conftest import MAIL, settings_for
from tests.support.permission_matrix.twin_portals import Worlds


@pytest.fixture(scope="session")
def worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Made once, because it costs some seconds; whoever reads in it enters a state first."""
    instance = tmp_path_factory.mktemp("worlds")
    shutil.copy(sqlite_template / "lab.db", instance / "lab.db")
    app = create_app(replace(settings_for(instance, **MAIL), log_level="CRITICAL"))
    yield Worlds(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
