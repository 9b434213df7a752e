"""Scenarios, merchants and their way to going live, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from lab.db import EditConflict
from lab.extensions import db
from lab.indicators.entry import service as indicators
from lab.indicators.entry.service import IncompleteFigures
from lab.rejected import Rejected
from lab.scenarios import queries, service
from lab.scenarios.models import Merchant
from lab.scenarios.rules.funnel import MerchantTotals
from tests.support.builders.projects import SEPTEMBER, at, cells, running_project
from tests.support.cast import Cast


def merchant_of(cast: Cast, outlets: int = 3) -> tuple[int, Merchant]:
    """A chain in a scenario of a running project, nothing recorded yet."""
    project = running_project(cast)
    scenario = service.add_scenario(project, name="【演示】园区食堂", kind="catering")
    merchant = service.add_merchant(scenario, name="【演示】连锁咖啡", outlets=outlets)
    db.session.commit()
    return project.id, merchant


def record(cast: Cast, merchant: Merchant, step: str, on: date) -> None:
    service.record_step(merchant, merchant.version, step=step, on=on, person_id=cast.member)
    db.session.commit()


def test_steps_are_recorded_in_order_and_never_in_the_future(
    both_ctx: Flask, both_cast: Cast
) -> None:
    _, merchant = merchant_of(both_cast)
    with at(2022, 9, 1):
        with pytest.raises(Rejected, match="之前须先登记"):
            record(both_cast, merchant, "contract", date(2022, 8, 1))
        with pytest.raises(Rejected, match="晚于今天"):
            record(both_cast, merchant, "contact", date(2022, 9, 2))
        record(both_cast, merchant, "contact", date(2022, 8, 1))
        with pytest.raises(Rejected, match="早于"):
            record(both_cast, merchant, "account", date(2022, 7, 31))
        with pytest.raises(Rejected, match="已经登记"):
            record(both_cast, merchant, "contact", date(2022, 8, 1))
        with pytest.raises(EditConflict):
            service.record_step(
                merchant,
                merchant.version - 1,
                step="account",
                on=date(2022, 8, 2),
                person_id=both_cast.member,
            )


def test_a_chain_is_one_merchant_with_outlets_once_live(both_ctx: Flask, both_cast: Cast) -> None:
    project_id, merchant = merchant_of(both_cast, outlets=12)
    with at(2022, 9, 30):
        for day, step in enumerate(
            ("contact", "account", "contract", "filing", "device", "trial", "live"), start=1
        ):
            record(both_cast, merchant, step, date(2022, 9, day))
        page = queries.scenario_page([project_id])
        before = queries.scenario_page([project_id], date(2022, 9, 6))
    assert (page.live, page.total) == (MerchantTotals(1, 12), MerchantTotals(1, 12))
    assert before.live == MerchantTotals(0, 0)
    here = {row.step: row.here for row in page.funnel if row.here.merchants}
    assert here == {"live": MerchantTotals(1, 12)}


def test_a_paused_merchant_goes_on_once_the_pause_is_taken_back(
    both_ctx: Flask, both_cast: Cast
) -> None:
    _, merchant = merchant_of(both_cast)
    with at(2022, 9, 1):
        record(both_cast, merchant, "contact", date(2022, 8, 1))
        record(both_cast, merchant, "paused", date(2022, 8, 5))
        with pytest.raises(Rejected, match="已暂停"):
            record(both_cast, merchant, "account", date(2022, 8, 6))
        service.end_pause(merchant)
        db.session.commit()
        record(both_cast, merchant, "account", date(2022, 8, 6))
        with pytest.raises(Rejected, match="没有暂停"):
            service.end_pause(merchant)


def test_names_are_used_once_in_their_position(both_ctx: Flask, both_cast: Cast) -> None:
    _, merchant = merchant_of(both_cast)
    scenario = merchant.scenario
    with pytest.raises(Rejected, match="已有名为"):
        service.add_scenario(scenario.project, name=scenario.name)
    with pytest.raises(Rejected, match="已有名为"):
        service.add_merchant(scenario, name=merchant.name)
    service.edit_merchant(
        merchant, merchant.version, name=merchant.name, outlets=4, note="新开一店"
    )
    db.session.commit()
    assert merchant.outlets == 4


def test_more_live_merchants_than_contracts_needs_a_note(both_ctx: Flask, both_cast: Cast) -> None:
    project_id, merchant = merchant_of(both_cast)
    project = merchant.scenario.project
    with at(2022, 10, 10):
        with pytest.raises(IncompleteFigures) as refused:
            indicators.submit_figures(
                project,
                SEPTEMBER,
                0,
                cells({"K01": 10, "K06": 2}),
                frozenset(),
                both_cast.member,
            )
        assert [f.code for f in refused.value.findings] == ["contracts"]
    assert project.id == project_id
