"""The blueprint of the review pages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("reviews", __name__)
Page = str | Response | tuple[str, int]
