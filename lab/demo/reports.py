"""The demonstration's reports, so that there is a PDF to open: the worker prints them first."""

from __future__ import annotations

from datetime import timedelta

from flask import g

from lab import clock
from lab.demo.people import DemoCast
from lab.demo.reviews import OFFICE
from lab.reports.content.leading import DecisionRequest
from lab.reports.leading import service as leading_service


def issue(cast: DemoCast) -> None:
    """Issue the leading group's report as of yesterday and of the end of the month before it.

    Two on each day of the year: on the first of a month, yesterday is a month's end itself.
    """
    g.person = cast.people[OFFICE]
    yesterday = clock.today() - timedelta(days=1)
    last_month = yesterday.replace(day=1) - timedelta(days=1)
    decision_request = DecisionRequest(
        title="【演示】街区便民服务项目增加两个试点街区",
        reason="【演示】首批街区的商户已全部上线，需要领导小组确定新增街区和预算来源。",
        due=clock.today() + timedelta(days=20),
        is_demo=True,
    )
    for cutoff in (last_month, yesterday):
        leading_service.issue_report(cutoff, (decision_request,) if cutoff == yesterday else ())
