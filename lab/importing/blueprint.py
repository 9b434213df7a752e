"""The blueprint of the pages on which columns are matched."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("importing", __name__, url_prefix="/imports")
