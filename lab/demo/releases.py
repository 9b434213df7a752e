"""The demonstration's pending releases: one for the office, one for an administrator."""

from __future__ import annotations

from lab.accounts import service
from lab.demo.people import DemoCast

FORGOTTEN = "【演示】本人忘记密码，已当面核实身份。"
MOVED = "【演示】工作调动，自下月起到新单位。"


def store(cast: DemoCast) -> None:
    """Store a unit change requested by the office and a password reset by the administrator."""
    people, units = cast.people, cast.units
    service.request_unit_change(
        people["demo-reviewer7"], units["bank_c"], people["demo-office"], MOVED
    )
    service.request_reset(people["demo-leading2"], people["demo-system"], FORGOTTEN)
