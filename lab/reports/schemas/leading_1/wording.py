"""Official prose for a report: dates, figures and sentences as an office would write them.

Office rules: dates without leading zeros; counts without thousands separators; money in 元
below one 万, in 万元 with two decimals from there, in 亿元 from one 亿; percent with two decimals,
half up; unknown is 「—」 in a table and 「未载明」 in a sentence.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from lab.clock import beijing
from lab.reports.schemas.leading_1.content import (
    DecisionWanted,
    FactFigure,
    FactGroup,
    LeadingReport,
    Trouble,
)

DASH = "—"
UNSTATED = "未载明"
LAB_NAME = "北京邮银数字人民币创新实验室"
LIGHTS = {"green": "绿灯", "yellow": "黄灯", "red": "红灯"}
SIDES = {"post": "邮政", "bank": "银行"}
MEASURES = {
    "cumulative": "累计",
    "stock": "时点",
    "period": "期间",
    "ratio": "比率",
    "forecast": "预计",
}
_SCALES = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"))
_CENT = Decimal("0.01")


def full_date(day: date | None) -> str:
    """2022年7月1日, or 「—」."""
    return f"{day.year}年{day.month}月{day.day}日" if day else DASH


def full_time(moment: datetime) -> str:
    """2022年7月1日9时05分 on Beijing's clock."""
    local = beijing(moment)
    return f"{full_date(local.date())}{local.hour}时{local.minute:02d}分"


def full_second(moment: datetime) -> str:
    """2022年7月1日9时05分03秒 on Beijing's clock."""
    return f"{full_time(moment)}{beijing(moment).second:02d}秒"


def stamp(moment: datetime) -> str:
    """2022-07-01T09:05:00+08:00, as a PDF's dates are given."""
    return beijing(moment).isoformat(timespec="seconds")


def issue_day(report: LeadingReport) -> date:
    """The Beijing date under the report."""
    return beijing(report.generated_at).date()


def plain_number(value: Decimal) -> str:
    """Digits without separators, exponent or trailing zeros: 19146, 0.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scale(unit: str, largest: Decimal) -> tuple[Decimal, str]:
    if unit == "元" or unit.startswith("元/"):
        for step, prefix in _SCALES:
            if largest >= step:
                return step, prefix
    return Decimal(1), ""


def amounts(values: tuple[Decimal | None, ...], unit: str) -> tuple[tuple[str, ...], str]:
    """Figures of one row in one common unit, with that unit: (("12.30", "20.00"), "万元").

    Only money is scaled. None becomes 「—」.
    """
    known = [abs(value) for value in values if value is not None]
    step, prefix = _scale(unit, max(known, default=Decimal(0)))
    return tuple(_amount(value, step) for value in values), prefix + unit


def _amount(value: Decimal | None, step: Decimal) -> str:
    if value is None:
        return DASH
    if step == 1:
        return plain_number(value)
    return format((value / step).quantize(_CENT, ROUND_HALF_UP), "f")


def percent(value: Decimal | None) -> str:
    """83.33% with two decimals, half up, or 「—」."""
    return DASH if value is None else f"{value.quantize(_CENT, ROUND_HALF_UP)}%"


def title_lines(title: str) -> tuple[str, ...]:
    """A title broken after the lab's name, so that no word is split between two lines."""
    rest = title.removeprefix(LAB_NAME)
    return (LAB_NAME, rest) if rest and rest != title else (title,)


def received_text(received: str | int | None) -> str:
    """「近20个」 unchanged, an exact number with its unit, or 「未载明」."""
    if received is None:
        return UNSTATED
    return received if isinstance(received, str) else f"{received}个"


def count_text(count: int | None) -> str:
    """12个, or 「—」."""
    return DASH if count is None else f"{count}个"


def overall(report: LeadingReport) -> str:
    """The opening sentence of section one."""
    summary = report.summary
    start = f"{summary.call_title}共收到申报项目{received_text(summary.received)}"
    approved = "" if summary.approved is None else f"，立项{summary.approved}个"
    states = [
        f"{label}{count}个"
        for label, count in (("已落地", summary.landed), ("正在推进", summary.in_progress))
        if count is not None
    ]
    sentence = f"{start}{approved}。截至{full_date(summary.as_of or report.cutoff)}，"
    sentence += "，".join(states) if states else f"项目进展情况{UNSTATED}"
    if summary.unnamed:
        sentence += f"；其余{summary.unnamed}个项目的名称和进展{UNSTATED}"
    return sentence + "。"


def lights(report: LeadingReport) -> str | None:
    """How many projects show which light; None when none has been judged."""
    judged = [row.light for row in report.portfolio if row.light]
    if not judged:
        return None
    parts = [f"{word}{judged.count(light)}个" for light, word in LIGHTS.items()]  # type: ignore[arg-type]
    rest = len(report.portfolio) - len(judged)
    return f"项目亮灯情况：{'、'.join(parts)}" + (f"，未亮灯{rest}个。" if rest else "。")


def fact_phrase(figure: FactFigure) -> str:
    """开立个人钱包19146个; a figure that exists only as words keeps them."""
    noun = figure.name.removesuffix("数")
    if figure.value is None:
        return f"{noun}{figure.text}" if figure.text else f"{noun}{UNSTATED}"
    (number,), unit = amounts((figure.value,), figure.unit or "")
    return f"{noun}{number}{unit}"


def fact_sentence(group: FactGroup) -> str:
    """One scope's figures as one sentence."""
    figures = "，".join(fact_phrase(figure) for figure in group.figures)
    return f"{group.scope}，{figures}。" if group.scope else f"{figures}。"


def decision_text(decision: DecisionWanted) -> str:
    """Reason and due date of one matter."""
    due = f"请于{full_date(decision.due)}前议定。" if decision.due else ""
    return f"{sentence(decision.reason)}{due}"


def trouble_text(trouble: Trouble) -> str:
    """Why a project is stuck and what is asked."""
    reason = sentence(trouble.reason or f"原因{UNSTATED}")
    return f"{reason}请求协调：{sentence(trouble.asked)}" if trouble.asked else reason


def trouble_state(trouble: Trouble) -> str:
    """红灯，自2022年10月15日起."""
    since = f"，自{full_date(trouble.since)}起" if trouble.since else ""
    return f"{LIGHTS[trouble.light]}{since}"


def sentence(text: str) -> str:
    """The text with a full stop, unless it already ends with a stop."""
    return text if text.endswith(("。", "！", "？", "；", "…")) else f"{text}。"
