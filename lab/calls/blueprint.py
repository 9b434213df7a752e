"""The blueprint of the call pages."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("calls", __name__, url_prefix="/calls")
Page = str | Response | tuple[str, int]
