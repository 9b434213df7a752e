"""The blueprint that the pages of review hang on."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("reviews", __name__)
Page = str | Response | tuple[str, int]
