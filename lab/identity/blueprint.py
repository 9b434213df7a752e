"""The blueprint that sign-in and one's own password and address hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("identity", __name__)
