"""The blueprint of sign-in and of one's own password and address."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("identity", __name__)
