"""Health of the installation: a page for its administrators, a short answer for monitoring."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from lab.feature import registry, status
from lab.system import columns
from lab.system.queries_page import status_page
from lab.web.request.guards import guard

bp = Blueprint("system", __name__)


@bp.get("/system/status")
@guard("system.status")
def index() -> str:
    return render_template("system/status.html", columns=columns, page=status_page())


@bp.get("/health")
@guard("health")
def health() -> tuple[dict[str, Any], int]:
    """Answer monitoring: 200, or 503 when something is blocked. Codes and numbers only."""
    lines = status.collect(registry().status_checks)
    answer = {line.key: {"status": line.tone, **line.figures} for line in lines}
    worst = status.worst(lines)
    return {"status": worst, "checks": answer}, 503 if worst == status.DANGER else 200
