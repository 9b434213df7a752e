"""Official prose for a report: dates, figures and sentences as an office writes them.

Office rules: dates without leading zeros; counts without thousands separators; money in 元 below
one 万, in 万元 with two decimals from there, in 亿元 from one 亿, the unit chosen after rounding;
percent with two decimals, half up; unknown is 「—」 in a table and 「未载明」 in a sentence. Tables
and axes use thousands separators, sentences never do.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from lab.amounts import SCALES, digits, format_trimmed, half_up, scale_of
from lab.catalogue.provenance import PROVENANCE_LABELS
from lab.clock import beijing
from lab.reports.content.leading import (
    DecisionRequest,
    FactFigure,
    FactGroup,
    LeadingReport,
    PortfolioRow,
    Summary,
    TroubledProject,
)

DASH = "—"
UNSTATED = "未载明"
DEMO_MARK = "【演示】"
ALL_BATCHES = "全部批次"
LAB_NAME = "北京邮银数字人民币创新实验室"
LIGHT_LABELS = {"green": "绿灯", "yellow": "黄灯", "red": "红灯"}
SIDES = {"post": "邮政", "bank": "银行"}
MEASURES = {
    "cumulative": "累计",
    "stock": "时点",
    "period": "期间",
    "ratio": "比率",
    "forecast": "预计",
}
_STOPS = ("。", "！", "？", "；", "…", ".", "!", "?", ";", "．", "｡")
_CLOSING = "”’」』）】》〉\"')]〕"
_LOOSE_ENDS = ("，", "、", ",", "：", ":")
_DOUBLED = re.compile(r"[。｡](?:\s*[。｡])+")
_LEAST_SHOWN = Decimal("0.1")  # of a unit: less would lose its digits to rounding


def full_date(day: date | None) -> str:
    """Format as 2022年7月1日, or 「—」."""
    return f"{day.year}年{day.month}月{day.day}日" if day else DASH


def months(first: date | None, last: date) -> str:
    """Format as 2022年7月, 2022年7月至10月 or 2022年7月至2023年1月."""
    end = f"{last.year}年{last.month}月"
    if first is None or (first.year, first.month) >= (last.year, last.month):
        return end
    return f"{first.year}年{first.month}月至" + (
        f"{last.month}月" if first.year == last.year else end
    )


def full_time(moment: datetime) -> str:
    """Format as 2022年7月1日9时05分 in Beijing time."""
    local = beijing(moment)
    return f"{full_date(local.date())}{local.hour}时{local.minute:02d}分"


def full_second(moment: datetime) -> str:
    """Format as 2022年7月1日9时05分03秒 in Beijing time."""
    return f"{full_time(moment)}{beijing(moment).second:02d}秒"


def stamp(moment: datetime) -> str:
    """Format as 2022-07-01T09:05:00+08:00, for PDF dates."""
    return beijing(moment).isoformat(timespec="seconds")


def issue_day(report: LeadingReport) -> date:
    """Return the Beijing date below the report."""
    return beijing(report.generated_at).date()


def plain_number(value: Decimal) -> str:
    """Format without separators, exponent or trailing zeros: 19146, 0.5."""
    return format_trimmed(value, grouped=False)


def grouped_number(value: Decimal) -> str:
    """Format with thousands separators: 19,146, 1,234.5."""
    return format_trimmed(value, grouped=True)


def _scale(unit: str, values: list[Decimal]) -> tuple[Decimal, str]:
    """Return the largest unit in which the smallest figure stays readable.

    At most the unit of the largest figure.
    """
    if not unit.startswith("元") or not any(values):
        return SCALES[0]
    smallest = min(value for value in values if value)
    largest, _ = scale_of(max(values))
    fitting = [at for at in SCALES[1:] if at[0] <= largest and smallest / at[0] >= _LEAST_SHOWN]
    return fitting[-1] if fitting else SCALES[0]


def amounts(
    values: tuple[Decimal | None, ...], unit: str, *, grouped: bool = False
) -> tuple[tuple[str, ...], str]:
    """Format one row's figures in a common unit; return both: (("12.30", "20.00"), "万元").

    Only money is scaled, to no larger unit than the smallest figure allows: 49万元 beside 3亿元
    must not read 0.00. `grouped` adds thousands separators, for tables. None becomes 「—」.
    """
    numbers = [abs(value) for value in values if value is not None]
    step, prefix = _scale(unit, numbers)
    fine = unit.startswith("元") or unit == "%"  # both decimals, as pages show them
    return tuple(_amount(value, step, grouped, fine) for value in values), prefix + unit


def _amount(value: Decimal | None, step: Decimal, grouped: bool, fine: bool) -> str:
    if value is None:
        return DASH
    if fine:
        return digits(half_up(value / step, 2), grouped=grouped)
    return grouped_number(value) if grouped else plain_number(value)


def percent(value: Decimal | None) -> str:
    """Format as 83.33%, two decimals, half up, or 「—」."""
    return DASH if value is None else f"{half_up(value, 2):f}%"


def title_lines(title: str) -> tuple[str, ...]:
    """Break a title after the lab's name, so that no word is split between two lines."""
    rest = title.removeprefix(LAB_NAME)
    return (LAB_NAME, rest) if rest and rest != title else (title,)


def received_text(received: str | int | None) -> str:
    """Return 「近20个」 unchanged, an exact number with its unit, or 「未载明」."""
    if received is None:
        return UNSTATED
    return received if isinstance(received, str) else f"{received}个"


def count_text(count: int | None) -> str:
    """Format as 12个, or 「—」."""
    return DASH if count is None else f"{count}个"


def scope_text(report: LeadingReport) -> str:
    """Return the scope of the report: the batch's title, or 全部批次."""
    return report.scope or ALL_BATCHES


def basis(report: LeadingReport) -> str:
    """Return the line with cut-off day and records considered."""
    until = full_time(report.generated_at)
    return f"截至{full_date(report.cutoff)}，按{until}前已登记的记录"


def marked(name: str, is_demo: bool) -> str:
    """Prefix the name with 【演示】 when it is invented; never twice."""
    return DEMO_MARK + name if is_demo and not name.startswith(DEMO_MARK) else name


def batch_name(batch: Summary) -> str:
    """Return a batch's title, with its projects' provenance unless they are the office's own."""
    if batch.provenance == "real" or batch.call_title.startswith(DEMO_MARK):
        return batch.call_title
    return f"{batch.call_title}（{PROVENANCE_LABELS[batch.provenance]}）"


def group_name(call_title: str, is_demo: bool, state_on: date | None) -> str:
    """Return the heading of a batch's projects; `state_on`: the day a public report refers to."""
    if state_on is not None:
        return f"{call_title}（{PROVENANCE_LABELS['fact']}，状态截至{full_date(state_on)}）"
    if is_demo and not call_title.startswith(DEMO_MARK):
        return f"{call_title}（{PROVENANCE_LABELS['demo']}）"
    return call_title


def batch_sentence(batch: Summary, cutoff: date) -> str:
    """Describe one batch: received, approved, and the states of its projects."""
    name = marked(batch.call_title, batch.provenance == "demo")
    approved = "" if batch.approved is None else f"，立项{batch.approved}个"
    states = [
        f"{label}{count}个"
        for label, count in (
            ("已落地", batch.landed),
            ("正在推进", batch.in_progress),
            *((other.label, other.count) for other in batch.others),
        )
        if count is not None
    ]
    text = f"{name}共收到申报项目{received_text(batch.received)}{approved}"
    day = full_date(batch.as_of or cutoff)
    if batch.approved == 0:
        return f"截至{day}，{text}。"
    text += f"。截至{day}，"
    text += "，".join(states) if states else f"项目进展情况{UNSTATED}"
    if batch.unnamed:
        text += f"；其余{batch.unnamed}个项目的名称和进展{UNSTATED}"
    return text + "。"


def overall(report: LeadingReport) -> str:
    """Return the opening sentences of section one: batch by batch, never added."""
    return "".join(batch_sentence(batch, report.cutoff) for batch in report.batches)


def others_text(batch: Summary) -> str:
    """Format as 待签任务书1个、暂停2个; 0个 without any."""
    return "、".join(f"{item.label}{item.count}个" for item in batch.others) or "0个"


def light_sentences(report: LeadingReport) -> tuple[str, ...]:
    """Return how many projects show which light, batch by batch and never added.

    Batches without an evaluated project are left out.
    """
    alone = len(report.batches) == 1
    by_batch = ((_lights_of(batch), batch) for batch in report.batches)
    return tuple(
        f"{_whose(batch) if alone else batch_name(batch)}亮灯情况{_by(batch)}：{counted}。"
        for counted, batch in by_batch
        if counted
    )


def _whose(batch: Summary) -> str:
    return "演示项目" if batch.provenance == "demo" else "项目"


def _by(batch: Summary) -> str:
    """Attribute the lights to the portal for published projects: a public report gives none."""
    return "（本系统评定）" if batch.provenance == "fact" else ""


def _lights_of(batch: Summary) -> str:
    counts = Counter({str(item.light): item.count for item in batch.lights})
    evaluated = counts.total()
    if not evaluated:
        return ""
    text = "、".join(f"{word}{counts[light]}个" for light, word in LIGHT_LABELS.items())
    rest = (batch.approved or 0) - (batch.unnamed or 0) - evaluated
    return f"{text}，未评灯{rest}个" if rest else text


def registered_state_text(row: PortfolioRow) -> str | None:
    """Return what the portal knows beyond the published state, shown below it."""
    return f"系统登记：{row.known_state}" if row.known_state else None


def fact_phrase(figure: FactFigure) -> str:
    """Format as 开立个人钱包19146个; a figure known only in words keeps its wording."""
    noun = figure.name.removesuffix("数")
    if figure.text and "每月" in figure.text:
        noun = noun.removeprefix("月")
    if figure.value is None:
        return f"{noun}{figure.text}" if figure.text else f"{noun}{UNSTATED}"
    (number,), unit = amounts((figure.value,), figure.unit or "")
    return f"{noun}{number}{unit}"


def fact_sentence(group: FactGroup) -> str:
    """Format one scope's figures as one sentence."""
    figures = "，".join(fact_phrase(figure) for figure in group.figures)
    return f"{group.scope}，{figures}。" if group.scope else f"{figures}。"


def decision_text(decision: DecisionRequest) -> str:
    """Return reason and due date of one matter."""
    due = f"请于{full_date(decision.due)}前议定。" if decision.due else ""
    return f"{as_sentence(decision.reason)}{due}"


def typed_lines(text: str) -> tuple[str, ...]:
    """Split typed text into lines; at least one, which may be empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip()) or ("",)


def trouble_text(project_trouble: TroubledProject) -> str:
    """Return why a project is stuck and what is requested."""
    reason = as_sentence(project_trouble.reason or "") or f"原因{UNSTATED}。"
    request_text = as_sentence(project_trouble.asked or "")
    if not request_text:
        return reason
    separator = "\n" if "\n" in reason + request_text else ""
    return f"{reason}{separator}请求协调：{request_text}"


def trouble_state(project_trouble: TroubledProject) -> str:
    """Format as 红灯, or 红灯，2022年9月月报: the light, and the quoted report."""
    if project_trouble.month is None:
        return LIGHT_LABELS[project_trouble.light]
    return f"{LIGHT_LABELS[project_trouble.light]}，{months(None, project_trouble.month)}月报"


def as_sentence(text: str) -> str:
    """End the text with exactly one full stop; empty for empty text.

    Trailing blanks and quotes are ignored, and none is added after a trailing comma.
    """
    bare = _DOUBLED.sub("。", text.strip())
    if not bare:
        return ""
    end = bare.rstrip(_CLOSING)
    return bare if end.endswith((*_STOPS, *_LOOSE_ENDS)) else f"{bare}。"
