"""What the accounts bring: pages, commands, the actions that go by release."""

from __future__ import annotations

from flask import Flask

from lab.accounts import acts, commands, views, views_roles
from lab.accounts.audit_labels import AUDIT_LABELS
from lab.feature import Feature


def _setup(_app: Flask) -> None:
    assert commands  # they hang on the group of the releases
    acts.register()


FEATURE = Feature(
    "accounts",
    blueprints=(views.bp,),
    audit_labels=AUDIT_LABELS,
    pages=(views_roles,),
    setup=_setup,
)
