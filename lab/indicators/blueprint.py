"""The blueprint that the pages of figures hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("indicators", __name__)
