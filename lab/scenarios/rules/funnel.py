"""The onboarding funnel: steps, their order, and how many merchants are at each.

Office rule: contact, settlement account with corporate wallet, contract, merchant file, terminal or
QR plate, joint test, trial, live, first payment. A merchant counts from the day it is live; its
outlets are counted separately. A pause or an exit ends the path at any step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lab.clock import cn_date


@dataclass(frozen=True)
class OnboardingStage:
    """A step: key, name, and whether merchants may skip it."""

    key: str
    label: str
    optional: bool = False


STEPS = (
    OnboardingStage("contact", "触达意向"),
    OnboardingStage("account", "开立对公账户和钱包"),
    OnboardingStage("contract", "签约"),
    OnboardingStage("filing", "进件"),
    OnboardingStage("device", "机具改造或布放码牌"),
    OnboardingStage("joint_test", "联调", optional=True),  # a QR plate has nothing to connect
    OnboardingStage("trial", "试运行"),
    OnboardingStage("live", "上线"),
    OnboardingStage("trading", "有交易"),
)
PAUSED = "paused"
ENDS = (OnboardingStage(PAUSED, "暂停"), OnboardingStage("exited", "退出"))
STEP_KEYS = tuple(step.key for step in (*STEPS, *ENDS))
END_KEYS = tuple(step.key for step in ENDS)
_BY_KEY = {step.key: step for step in (*STEPS, *ENDS)}


@dataclass(frozen=True)
class RecordedStep:
    """A recorded step with its Beijing date; `until` is the day a pause ended."""

    step: str
    on: date
    until: date | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it is in force now."""
        return self.until is None


@dataclass(frozen=True)
class MerchantTrack:
    """A merchant with its outlets (≥ 1) and its recorded steps, in any order.

    Rows of one merchant in several projects share the number `merchant`; `main` marks the row of
    the responsible project.
    """

    merchant: int
    outlets: int
    steps: tuple[RecordedStep, ...]
    main: bool = True


@dataclass(frozen=True)
class MerchantTotals:
    """Merchants and their outlets: a chain is one merchant with many outlets."""

    merchants: int = 0
    outlets: int = 0


@dataclass(frozen=True)
class FunnelRow:
    """One step of the funnel: who ever reached it, and who is there now.

    Merchants that paused or left count in `reached` and in the row of their end.
    """

    step: str
    label: str
    reached: MerchantTotals
    here: MerchantTotals


def step_position(step: str) -> int:
    """Return the step's position from 0 (contact); ends come last.

    Raises KeyError for an unknown step.
    """
    if step not in _BY_KEY:
        raise KeyError(step)
    return STEP_KEYS.index(step)


def step_label(step: str) -> str:
    """Return the step's label. Raises KeyError for an unknown step."""
    return _BY_KEY[step].label


def current_step(steps: Iterable[RecordedStep]) -> str | None:
    """Return a merchant's current step: its end, else its furthest step; None before the first."""
    return max((done.step for done in steps), key=step_position, default=None)


def next_steps(steps: Sequence[RecordedStep]) -> tuple[str, ...]:
    """Return the steps that may be recorded now, ignoring dates, in order."""
    return tuple(key for key in STEP_KEYS if _order_problem(steps, key) is None)


def step_problem(steps: Sequence[RecordedStep], step: str, on: date, today: date) -> str | None:
    """Return why a step cannot be recorded on that date, as a Chinese sentence; None when it can.

    A paused merchant continues once its pause has ended; nothing follows an exit. Dates must not
    lie in the future, before an earlier step or after a later one. Raises KeyError for an unknown
    step.
    """
    return _order_problem(steps, step) or _date_problem(steps, step, on, today)


def one_track_per_merchant(tracks: Iterable[MerchantTrack]) -> list[MerchantTrack]:
    """Return one track per merchant; the steps must already be those of the day.

    Office rule (主责项目): a merchant in several projects counts once: where it got furthest and,
    where equally far, in the responsible project. One that left or paused in one project may
    continue in another.
    """
    best: dict[int, MerchantTrack] = {}
    for track in tracks:
        rival = best.get(track.merchant)
        if rival is None or _rank(track) > _rank(rival):
            best[track.merchant] = track
    return list(best.values())


def _rank(track: MerchantTrack) -> tuple[bool, int, bool]:
    return (current_step(track.steps) not in END_KEYS, _furthest(track), track.main)


def funnel_rows(tracks: Sequence[MerchantTrack], as_of: date | None = None) -> list[FunnelRow]:
    """Return one row per step and per end; steps after `as_of` are ignored."""
    merchants = one_track_per_merchant(track_until(track, as_of) for track in tracks)
    return [_row(merchants, step) for step in (*STEPS, *ENDS)]


def live_count(tracks: Sequence[MerchantTrack], as_of: date | None = None) -> MerchantTotals:
    """Count merchants and outlets online now: live or trading, neither paused nor left."""
    merchants = one_track_per_merchant(track_until(track, as_of) for track in tracks)
    return _count(track for track in merchants if current_step(track.steps) in ("live", "trading"))


def track_until(track: MerchantTrack, as_of: date | None) -> MerchantTrack:
    """Return the track at the end of that day; None means now."""
    in_force = (
        done
        for done in track.steps
        if (done.is_in_force if as_of is None else _in_force_on(done, as_of))
    )
    return replace(track, steps=tuple(in_force))


def _in_force_on(done: RecordedStep, day: date) -> bool:
    return done.on <= day and (done.until is None or done.until > day)


def _row(tracks: list[MerchantTrack], step: OnboardingStage) -> FunnelRow:
    now_here = _count(track for track in tracks if current_step(track.steps) == step.key)
    if step in ENDS:
        return FunnelRow(step.key, step.label, now_here, now_here)
    stage_position = step_position(step.key)
    reached = _count(track for track in tracks if _furthest(track) >= stage_position)
    return FunnelRow(step.key, step.label, reached, now_here)


def _furthest(track: MerchantTrack) -> int:
    positions = [step_position(done.step) for done in track.steps if done.step not in END_KEYS]
    return max(positions, default=-1)


def _count(tracks: Iterable[MerchantTrack]) -> MerchantTotals:
    outlets = [track.outlets for track in tracks]
    return MerchantTotals(len(outlets), sum(outlets))


def _order_problem(steps: Sequence[RecordedStep], step: str) -> str | None:
    name, done = step_label(step), {item.step for item in steps if item.is_in_force}
    if step in done:
        return f"“{name}”已经登记。"
    if "exited" in done:
        return "商户已退出，不能再登记。"
    if PAUSED in done and step != "exited":
        return f"商户已暂停，恢复后才能登记“{name}”。"
    if step in END_KEYS:
        return None if done else f"尚未登记任何步骤，不能登记“{name}”。"
    for earlier in STEPS[: step_position(step)]:
        if not earlier.optional and earlier.key not in done:
            return f"登记“{name}”之前须先登记“{earlier.label}”。"
    return None


def _date_problem(steps: Sequence[RecordedStep], step: str, on: date, today: date) -> str | None:
    name = step_label(step)
    if on > today:
        return f"“{name}”的日期{cn_date(on)}晚于今天。"
    ended = max((d.until for d in steps if d.until is not None), default=None)
    if step in END_KEYS and ended is not None and on < ended:
        return f"“{name}”的日期{cn_date(on)}早于上次恢复的{cn_date(ended)}。"
    steps = [done for done in steps if done.is_in_force]
    before = max(
        (d for d in steps if step_position(d.step) < step_position(step)), key=_on, default=None
    )
    if before is not None and on < before.on:
        return f"“{name}”的日期{cn_date(on)}早于“{step_label(before.step)}”的{cn_date(before.on)}。"
    after = min(
        (d for d in steps if step_position(d.step) > step_position(step)), key=_on, default=None
    )
    if after is not None and on > after.on:
        return f"“{name}”的日期{cn_date(on)}晚于“{step_label(after.step)}”的{cn_date(after.on)}。"
    return None


def _on(done: RecordedStep) -> date:
    return done.on
