"""The blueprint that the pages of proposals hang on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from lab.proposals.models.proposal import Proposal

bp = Blueprint("proposals", __name__, url_prefix="/proposals")


def file_url(proposal: Proposal) -> Any:
    """For `_content.html`: the address of an attachment by its key."""
    return lambda key: url_for("proposals.download", key=proposal.key, file_key=key)
