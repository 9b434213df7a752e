"""The blueprint of the pages of handovers."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("handover", __name__)
