"""The blueprints of the proposal pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from lab.proposals.models.proposal import Proposal

bp = Blueprint("proposals", __name__, url_prefix="/proposals")
checks_bp = Blueprint("checks", __name__, url_prefix="/checks")


def file_url(proposal: Proposal) -> Any:
    """Return the function by which `_content.html` gets an attachment's address from its key."""
    return lambda key: url_for("proposals.download", key=proposal.key, file_key=key)
