"""What saving while typing brings: two addresses, the answer to late saves, the sweep of tabs."""

from __future__ import annotations

from flask import Flask

from lab.editing import answers, drafts, tabs, views
from lab.editing.audit_labels import AUDIT_LABELS
from lab.feature import Feature, MinuteTask


def _setup(app: Flask) -> None:
    app.extensions["before_commit"] = drafts.settle


FEATURE = Feature(
    "editing",
    blueprints=(views.bp,),
    audit_labels=AUDIT_LABELS,
    every_minute=(MinuteTask(tabs.purge_expired),),
    error_handlers={tabs.LateSave: answers.late},
    setup=_setup,
)
