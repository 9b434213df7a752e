"""The blueprint that the pages of the portfolio hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("portfolio", __name__, url_prefix="/projects")
