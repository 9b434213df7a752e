"""The blueprint that the pages of decisions hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("decisions", __name__)
