"""Functions of the browser's scripts, called from tests in Python, to hold them to the server's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from lab.filesystem import ROOT
from steps import frontend


def call_script(module: str, name: str, calls: Iterable[list[Any]]) -> list[Any]:
    """Return what function `name` of static/js/`module` returns for each list of arguments."""
    asked = {"module": str(ROOT / "static" / "js" / module), "name": name, "calls": list(calls)}
    done = subprocess.run(
        [frontend.node(), ROOT / "tests" / "scripts" / "call.js"],
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
