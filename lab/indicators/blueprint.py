"""The blueprint of the indicator pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("indicators", __name__)
