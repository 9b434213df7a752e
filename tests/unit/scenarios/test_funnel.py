"""The order of onboarding and the counts made of it."""

from __future__ import annotations

from datetime import date

import pytest

from lab.scenarios.rules.funnel import (
    STEP_KEYS,
    MerchantTotals,
    MerchantTrack,
    RecordedStep,
    current_step,
    funnel_rows,
    live_count,
    next_steps,
    step_label,
    step_position,
    step_problem,
    track_until,
)

TODAY = date(2022, 9, 30)


def done(*keys: str, first: int = 1) -> tuple[RecordedStep, ...]:
    return tuple(RecordedStep(key, date(2022, 9, first + i)) for i, key in enumerate(keys))


def upto(key: str) -> tuple[RecordedStep, ...]:
    return done(*STEP_KEYS[: step_position(key) + 1])


def test_the_steps_stand_in_the_office_order() -> None:
    assert STEP_KEYS == (
        "contact",
        "account",
        "contract",
        "filing",
        "device",
        "joint_test",
        "trial",
        "live",
        "trading",
        "paused",
        "exited",
    )
    assert step_label("live") == "上线"
    for ask in (step_label, step_position):
        with pytest.raises(KeyError):
            ask("opened")


@pytest.mark.parametrize(
    ("recorded", "possible"),
    [
        ((), ["contact"]),
        (upto("contact"), ["account", "paused", "exited"]),
        (upto("filing"), ["device", "paused", "exited"]),
        (upto("device"), ["joint_test", "trial", "paused", "exited"]),
        (upto("joint_test"), ["trial", "paused", "exited"]),
        ((*upto("device"), *done("trial", first=9)), ["joint_test", "live", "paused", "exited"]),
        (upto("trading"), ["paused", "exited"]),
        ((*upto("live"), *done("paused", first=20)), ["exited"]),
        ((*upto("live"), *done("exited", first=20)), []),
    ],
)
def test_what_may_be_recorded_next(recorded: tuple[RecordedStep, ...], possible: list[str]) -> None:
    assert list(next_steps(recorded)) == possible


@pytest.mark.parametrize(
    ("recorded", "step", "sentence"),
    [
        (upto("contact"), "contact", "“触达意向”已经登记。"),
        (upto("contact"), "contract", "登记“签约”之前须先登记“开立对公账户和钱包”。"),
        (upto("filing"), "live", "登记“上线”之前须先登记“机具改造或布放码牌”。"),
        ((), "paused", "尚未登记任何步骤，不能登记“暂停”。"),
        (
            (*upto("account"), *done("paused", first=9)),
            "contract",
            "商户已暂停，恢复后才能登记“签约”。",
        ),
        ((*upto("account"), *done("exited", first=9)), "paused", "商户已退出，不能再登记。"),
    ],
)
def test_a_step_out_of_order_is_refused_with_a_message(
    recorded: tuple[RecordedStep, ...], step: str, sentence: str
) -> None:
    assert step_problem(recorded, step, TODAY, TODAY) == sentence


@pytest.mark.parametrize(
    ("step", "day", "sentence"),
    [
        ("trial", date(2022, 9, 30), None),
        ("trial", date(2022, 10, 1), "“试运行”的日期2022年10月1日晚于今天。"),
        ("trial", date(2022, 9, 5), None),
        (
            "trial",
            date(2022, 9, 4),
            "“试运行”的日期2022年9月4日早于“机具改造或布放码牌”的2022年9月5日。",
        ),
    ],
)
def test_a_date_lies_between_the_step_before_and_today(
    step: str, day: date, sentence: str | None
) -> None:
    assert step_problem(upto("device"), step, day, TODAY) == sentence


@pytest.mark.parametrize(
    ("step", "day", "refused"),
    [
        ("exited", date(2022, 9, 15), "“退出”的日期2022年9月15日早于上次恢复的2022年9月20日。"),
        ("exited", date(2022, 9, 20), None),
        ("contract", date(2022, 9, 15), None),
    ],
)
def test_nobody_leaves_before_the_day_the_pause_ended(
    step: str, day: date, refused: str | None
) -> None:
    pause = RecordedStep("paused", date(2022, 9, 10), date(2022, 9, 20))
    assert step_problem((*upto("account"), pause), step, day, TODAY) == refused


def test_a_step_recorded_afterwards_fits_between_its_neighbours() -> None:
    recorded = (*upto("device"), *done("trial", first=10))
    assert step_problem(recorded, "joint_test", date(2022, 9, 10), TODAY) is None
    assert step_problem(recorded, "joint_test", date(2022, 9, 11), TODAY) == (
        "“联调”的日期2022年9月11日晚于“试运行”的2022年9月10日。"
    )


def test_a_merchant_counts_at_its_furthest_step() -> None:
    assert current_step(()) is None
    assert current_step(tuple(reversed(upto("trial")))) == "trial"
    assert current_step((*upto("trial"), *done("paused", first=20))) == "paused"


TRACKS = (
    MerchantTrack(1, 5, upto("trading")),
    MerchantTrack(2, 1, upto("live")),
    MerchantTrack(3, 2, (*upto("live"), *done("paused", first=20))),
    MerchantTrack(4, 1, (*upto("contract"), *done("exited", first=20))),
    MerchantTrack(5, 3, (*upto("device"), *done("trial", first=9))),  # without a joint test
    MerchantTrack(6, 1, ()),
)


def test_the_funnel_counts_merchants_and_outlets_apart() -> None:
    rows = {row.step: (row.reached, row.here) for row in funnel_rows(TRACKS)}
    assert rows["contact"] == (MerchantTotals(5, 12), MerchantTotals(0, 0))
    assert rows["contract"] == (MerchantTotals(5, 12), MerchantTotals(0, 0))
    assert rows["filing"] == (MerchantTotals(4, 11), MerchantTotals(0, 0))
    assert rows["joint_test"] == (MerchantTotals(4, 11), MerchantTotals(0, 0))
    assert rows["trial"] == (MerchantTotals(4, 11), MerchantTotals(1, 3))
    assert rows["live"] == (MerchantTotals(3, 8), MerchantTotals(1, 1))
    assert rows["trading"] == (MerchantTotals(1, 5), MerchantTotals(1, 5))
    assert rows["paused"] == (MerchantTotals(1, 2), MerchantTotals(1, 2))
    assert rows["exited"] == (MerchantTotals(1, 1), MerchantTotals(1, 1))
    assert [row.step for row in funnel_rows(())] == list(STEP_KEYS)


def test_only_merchants_on_line_now_count_as_accepting() -> None:
    assert live_count(TRACKS) == MerchantTotals(2, 6)
    assert live_count(TRACKS, date(2022, 9, 7)) == MerchantTotals(0, 0)
    assert live_count(TRACKS, date(2022, 9, 8)) == MerchantTotals(3, 8)  # the third paused later


def test_a_cut_off_day_leaves_out_what_came_after() -> None:
    assert current_step(track_until(TRACKS[0], date(2022, 9, 4)).steps) == "filing"
    assert track_until(TRACKS[0], None) == TRACKS[0]
