"""Reports for the tests: the published facts as they are, and an invented report, marked so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from lab.reports.content.leading import (
    DecisionRequest,
    FactFigure,
    FactGroup,
    Footnote,
    IndicatorRow,
    LeadingReport,
    PortfolioRow,
    PublishedFacts,
    Summary,
    Trend,
    TrendLine,
    TroubledProject,
    data_hash,
    to_plain,
)

SOURCE = "来源：公开报道"
SCENARIOS = ("丽泽SOHO", "丽泽天街", "丽泽天地", "晋商大厦")
LANDED = (
    "北京法定数字货币试验区（丽泽金融商务区）建设项目",
    "丽泽天地“时光邮局”数字人民币特色宣传站点建设项目",
    "“金点驿充”数字人民币支付项目",
    "“爱洗猫”自助洗车数字人民币支付项目",
)
IN_PROGRESS = ("北京第三代社保卡叠加数字人民币硬钱包", "数字人民币示范街区打造")


def _figure(name: str, value: int | None, unit: str | None, text: str | None = None) -> FactFigure:
    return FactFigure(name, None if value is None else Decimal(value), text, unit)


def lize() -> PublishedFacts:
    """What is published about the 丽泽 project."""
    place = (_figure("开立个人钱包数", 19146, "个"), _figure("开立对公钱包数", 54, "个"))
    branch = (
        _figure("开立对公账户数", 54, "个"),
        _figure("营销代发工资企业数", 1, "户"),
        _figure("代发工资金额", None, None, "预计每月100余万元"),
        _figure("储备小企业贷款客户数", 4, "户"),
        _figure("营销大型连锁商户数", 1, "户"),
        _figure("营销大型酒店数", 1, "家"),
    )
    groups = (
        FactGroup("在丽泽金融商务区内", place),
        FactGroup("邮储银行北京分行以数字人民币为突破口", branch),
    )
    return PublishedFacts("丽泽试验区", date(2022, 12, 31), groups, SCENARIOS, None, SOURCE)


def fact_indicators() -> tuple[IndicatorRow, ...]:
    """The same figures as table rows, without targets: none is published."""
    rows = (
        ("K01", "开立个人钱包数", "个", "cumulative", 19146),
        ("K04", "开立对公钱包数", "个", "cumulative", 54),
        ("K16", "开立对公账户数", "个", "cumulative", 54),
        ("K14", "代发工资企业数", "户", "cumulative", 1),
        ("K15", "月代发工资金额", "万元/月", "forecast", None),
        ("K17", "储备小企业贷款客户数", "户", "stock", 4),
        ("K18", "营销大型连锁商户数", "户", "cumulative", 1),
        ("K19", "营销大型酒店数", "家", "cumulative", 1),
    )
    return tuple(
        IndicatorRow(
            code,
            name,
            "丽泽试验区",
            unit,
            measure,  # type: ignore[arg-type]
            None if value is None else Decimal(value),
            "预计每月100余万元" if value is None else None,
            None,
            None,
            None,
            SOURCE,
            False,
        )
        for code, name, unit, measure, value in rows
    )


def fact_projects() -> tuple[PortfolioRow, ...]:
    """The six named projects; everything unpublished stays None."""
    rows = [(name, "已落地") for name in LANDED] + [(name, "推进中") for name in IN_PROGRESS]
    return tuple(
        PortfolioRow(None, name, None, None, state, None, None, None, None, False)
        for name, state in rows
    )


def issued(report: LeadingReport) -> LeadingReport:
    """The report with its own data hash and an audit head."""
    return replace(report, data_hash=data_hash(to_plain(report)), audit_head="5d1f09ab")


def facts_report() -> LeadingReport:
    """The leading group's report from published facts alone."""
    return issued(
        LeadingReport(
            title="北京邮银数字人民币创新实验室项目推进情况报告",
            period="2022年度",
            addressee="创新实验室领导小组",
            issuer="创新实验室实施办公室",
            cutoff=date(2022, 12, 31),
            generated_at=datetime(2023, 1, 4, 1, 5, tzinfo=UTC),
            generated_by="实施办公室经办人",
            number="BG-2022-001",
            version=1,
            data_hash=None,
            audit_head=None,
            has_demo=False,
            scope=None,
            batches=(Summary("首批创新项目征集", "近20个", 12, 4, 2, 6, provenance="fact"),),
            portfolio=fact_projects(),
            facts=(lize(),),
            indicators=fact_indicators(),
            trend=None,
            decisions=(),
            troubles=(),
            footnotes=(),
        )
    )


def empty_report() -> LeadingReport:
    """A report with nothing to say yet."""
    return issued(
        replace(
            facts_report(),
            batches=(Summary("首批创新项目征集", None, None, None, None, None),),
            portfolio=(),
            facts=(),
            indicators=(),
            audit_head=None,
            data_hash=None,
        )
    )


def _demo_projects() -> tuple[PortfolioRow, ...]:
    units = (
        ("丰台区分公司", "post"),
        ("西城支行", "bank"),
        ("海淀区分公司", "post"),
        ("朝阳支行", "bank"),
    )
    lights = (
        ("green", None),
        ("yellow", "12月数据未报"),
        ("green", None),
        ("red", "里程碑逾期46天"),
    )
    named = [row.name for row in fact_projects()]
    invented = [f"【演示】数字人民币场景示范项目之{index}" for index in "一二三四五六"]
    rows = []
    for index, name in enumerate(named + invented):
        unit, side = units[index % 4]
        light, reason = lights[index % 4] if index > 3 else ("green", None)
        rows.append(
            PortfolioRow(
                f"LX-2022-01-{index + 1:02d}",
                name,
                f"【演示】{unit}",
                side,  # type: ignore[arg-type]
                "已落地" if index < 4 else "推进中",
                light,
                reason,  # type: ignore[arg-type]
                None if index < 4 else "商户上线试运行",
                None if index < 4 else date(2023, 1 + index % 6, 15),
                index >= 6,
            )
        )
    return tuple(rows)


def _demo_indicators() -> tuple[IndicatorRow, ...]:
    rows = (
        ("K01", "开立个人钱包数", "个", "cumulative", "31208", "36000", "①"),
        ("K03", "活跃个人钱包数（期内≥1笔）", "个", "period", "8120", "9000", None),
        ("K04", "开立对公钱包数", "个", "cumulative", "176", "150", None),
        ("K06", "受理商户数（已上线）", "户", "stock", "214", "300", None),
        ("K09", "交易笔数", "笔", "period", "45210", "50000", None),
        ("K10", "交易金额", "元", "period", "3865210.55", "5000000", None),
        ("K12", "钱包沉淀余额", "元", "stock", None, "800000", None),
    )
    return tuple(
        IndicatorRow(
            code,
            name,
            "全部项目",
            unit,
            measure,  # type: ignore[arg-type]
            Decimal(actual) if actual else None,
            None,
            Decimal(target),
            Decimal(actual) / Decimal(target) * 100 if actual else None,
            mark,
            "已审定，2022年12月",
            True,
        )
        for code, name, unit, measure, actual, target, mark in rows
    )


def demo_report() -> LeadingReport:
    """Twelve projects, six months, decisions and troubles: invented, marked, with the banner."""
    months = tuple(f"2022-{month:02d}" for month in range(7, 13))
    wallets = tuple(map(Decimal, (4210, 8930, 14005, 20116, 26044, 31208)))
    hard = (None, *map(Decimal, (900, 2100, 3804, 6020, 9118)))
    return issued(
        replace(
            facts_report(),
            number="BG-2022-003",
            version=2,
            data_hash=None,
            audit_head=None,
            has_demo=True,
            batches=(Summary("首批创新项目征集", 19, 12, 4, 8, None, provenance="demo"),),
            portfolio=_demo_projects(),
            indicators=fact_indicators() + _demo_indicators(),
            trend=Trend(
                "【演示】开立个人钱包累计走势",
                "个",
                months,
                (TrendLine("个人钱包", wallets), TrendLine("其中硬钱包", hard)),
                True,
            ),
            decisions=(
                DecisionRequest(
                    "调整示范街区项目的完成时间",
                    "街区改造推迟，商户进场要等到2023年3月，"
                    "建议将完成时间由2023年3月31日顺延至2023年6月30日",
                    date(2023, 1, 20),
                    True,
                ),
                DecisionRequest(
                    "追加受理终端",
                    "已签约商户300户，现有终端214台，建议从预留额度中追加86台",
                    None,
                    True,
                ),
            ),
            troubles=(
                TroubledProject(
                    "数字人民币场景示范项目之二",
                    "red",
                    date(2022, 12, 31),
                    "受理系统接口未通",
                    "由科技部门在2023年1月15日前安排联调",
                    True,
                ),
                TroubledProject(
                    "北京第三代社保卡叠加数字人民币硬钱包",
                    "yellow",
                    None,
                    None,
                    "由领导小组出面与主管部门会商",
                    True,
                ),
            ),
            footnotes=(Footnote("①", "2022年10月数据经更正"),),
        )
    )
