"""The columns of the lists of scenarios and merchants."""

from __future__ import annotations

from operator import itemgetter

from lab.scenarios.models import OnboardingStep
from lab.scenarios.queries import ScenarioRow
from lab.web.columns import Column
from lab.web.filters import cn_date, number

UNSTATED = "未载明"  # by the public report that names the scenario

FUNNEL = (
    Column("label", "步骤", row_header=True),
    Column("reached.merchants", "累计到达商户", "number", unit="户"),
    Column("reached.outlets", "累计到达门店", "number", unit="个"),
    Column("here.merchants", "现处商户", "number", unit="户"),
    Column("here.outlets", "现处门店", "number", unit="个"),
)

_NAME = Column("name", "场景", row_header=True)
_KIND = Column("kind", "类型", missing=UNSTATED)


def scenarios(*, stated: bool) -> tuple[Column, ...]:
    """Return the columns of scenarios; public reports state no merchants."""

    def count(key: str, label: str, unit: str) -> Column:
        value = None if stated else lambda row: None
        return Column(key, label, "number", unit=unit, value=value, missing=UNSTATED)

    return (
        *(_NAME, Column("project", "项目"), _KIND),
        count("total.merchants", "商户", "户"),
        count("total.outlets", "门店", "个"),
        count("live.merchants", "已上线商户", "户"),
    )


def _registered(row: ScenarioRow, count: int, unit: str) -> str:
    if not row.source_label:
        return f"{number(count)}{unit}"
    return f"本系统登记{number(count)}{unit}" if row.total.merchants else ""


OF_PROJECT = (
    *(_NAME, _KIND, Column("channel", "渠道", missing=UNSTATED)),
    Column(
        *("merchants", "商户", "figure"),
        value=lambda row: _registered(row, row.total.merchants, "户"),
        missing=UNSTATED,
    ),
    Column(
        *("outlets", "门店", "figure"),
        value=lambda row: _registered(row, row.total.outlets, "个"),
        missing=UNSTATED,
    ),
)
MERCHANTS = (
    Column("name", "商户", row_header=True),
    Column("outlets", "门店", "number", unit="个"),
    Column("step", "当前步骤", missing="未登记"),
    Column("since", "日期", "date"),
    Column("note", "说明"),
)
EDITED_MERCHANTS = (*MERCHANTS, Column("actions", "办理", "actions", label_hidden=True))
SHARED = (
    Column("name", "商户", row_header=True),
    Column("project", "项目"),
    Column("scenario", "场景"),
    Column("outlets", "门店", "number", unit="个"),
    Column("main", "计数", value=lambda row: f"主责项目：{row.main}" if row.main else "本项目计数"),
    Column("actions", "办理", "actions", label_hidden=True),
)
# (step, its label)
STEPS = (
    Column("label", "步骤", row_header=True, value=itemgetter(1)),
    Column("on", "日期", value=lambda pair: _days(pair[0])),
    Column("evidence", "佐证", value=lambda pair: pair[0].evidence),
)


def _days(step: OnboardingStep) -> str:
    resumed = f"（{cn_date(step.ended_on)}恢复）" if step.ended_on else ""
    return f"{cn_date(step.on)}{resumed}"
