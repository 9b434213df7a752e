"""The blueprint of the office's calendar."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("workdays", __name__, url_prefix="/workdays")
