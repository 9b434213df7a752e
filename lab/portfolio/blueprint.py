"""The blueprint of the portfolio pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("portfolio", __name__, url_prefix="/projects")
