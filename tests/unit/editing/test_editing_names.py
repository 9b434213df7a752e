"""The names that saving while typing puts into every form, and the fields of the forms."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from flask_wtf import FlaskForm
from wtforms.fields.core import UnboundField

import lab
from lab.editing.responses import CONTROL_FIELDS
from lab.filesystem import ROOT
from lab.web.request.post_keys import POST_KEY
from lab.web.request.resubmission import WRITER_FIELD


def every_form() -> Iterator[type[FlaskForm]]:
    """Each class of a form, wherever it stands."""
    for found in pkgutil.walk_packages(lab.__path__, "lab."):
        if re.search(r"\.(forms|views|step_forms)", found.name):
            importlib.import_module(found.name)
    waiting = [FlaskForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        yield from (cls for cls in below if cls.__module__.startswith("lab."))


def test_no_field_is_named_like_what_every_form_carries() -> None:
    fields = {
        (cls.__name__, name)
        for cls in every_form()
        for name in dir(cls)
        if isinstance(getattr(cls, name), UnboundField)
    }
    assert {"place", "title"} <= {name for _, name in fields}
    assert not {pair for pair in fields if pair[1] in CONTROL_FIELDS}
    assert not {pair for pair in fields if pair[1].startswith("shown_")}


def test_the_script_knows_the_same_names() -> None:
    script = (ROOT / "static/js/editing/values.js").read_text()
    found = re.search(r"OWN_FIELDS = \[(.*?)\]", script)
    assert found
    assert set(re.findall(r'"(\w+)"', found[1])) == {
        *CONTROL_FIELDS,
        "csrf_token",
        "version",
        WRITER_FIELD,
        POST_KEY,
    }
