"""The indicator dictionary: what each figure means, how it behaves, how it is written.

Kinds: C cumulative, only grows (closures are counted elsewhere, never subtracted); S stock at a
date, may fall; F flow of a period; R derived from others, never entered directly. The office lists
training as one line with two figures; here they are K22 and K23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["C", "S", "F", "R"]
Direction = Literal["up", "down"]
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {"C": "累计", "S": "时点", "F": "期间", "R": "比率"}
)
GUARDS: Mapping[str, int] = MappingProxyType({"C": 3, "F": 5})


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    `decimals` is 0 or 2; `additive`: periods of a year may be summed; `derived`: computed from
    other indicators, not entered; `direction`: whether more or less is better, which matters for
    targets that only hold the base value.
    """

    code: str
    name: str
    unit: str
    kind: Kind
    definition: str
    decimals: int = 0
    additive: bool = False
    group: str = "wallet"
    derived: bool = False
    direction: Direction = "up"

    @property
    def carried(self) -> bool:
        """Whether a figure carries forward until the next one.

        Counts and stocks do, flows and ratios do not.
        """
        return self.kind in ("C", "S")

    @property
    def jump_factor(self) -> int | None:
        """The multiple of the previous value above which a new one needs confirmation.

        None: never.
        """
        return GUARDS.get(self.kind)


GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "wallet": "钱包",
        "merchant": "商户",
        "payment": "交易",
        "business": "联动成效",
        "influence": "示范宣传",
    }
)

_ALL = (
    Indicator("K01", "开立个人钱包数", "个", "C", "项目启动以来开立的个人钱包总数，含硬钱包。"),
    Indicator("K02", "其中硬钱包数", "个", "C", "个人钱包中以卡片等硬件为载体的数量。"),
    Indicator("K03", "活跃个人钱包数", "个", "F", "本期至少发生1笔交易的个人钱包数，各期不相加。"),
    Indicator("K04", "开立对公钱包数", "个", "C", "项目启动以来开立的对公钱包总数。"),
    Indicator("K05", "活跃对公钱包数", "个", "F", "本期至少发生1笔交易的对公钱包数，各期不相加。"),
    Indicator(
        "K06", "受理商户数", "户", "S", "期末已上线的商户数，连锁商户计1户。", group="merchant"
    ),
    Indicator("K07", "受理门店数", "个", "S", "期末已上线的门店数。", group="merchant"),
    Indicator(
        "K08",
        "有交易商户数",
        "户",
        "F",
        "本期至少收到1笔付款的商户数，各期不相加。",
        group="merchant",
    ),
    Indicator("K09", "交易笔数", "笔", "F", "本期成功交易的笔数。", additive=True, group="payment"),
    Indicator(
        "K10",
        "交易金额",
        "元",
        "F",
        "本期成功交易的金额，退款另行记录。",
        decimals=2,
        additive=True,
        group="payment",
    ),
    Indicator(
        "K11",
        "笔均金额",
        "元/笔",
        "R",
        "交易金额除以交易笔数，没有交易时不计算。",
        decimals=2,
        group="payment",
        derived=True,
    ),
    Indicator("K12", "钱包沉淀余额", "元", "S", "期末钱包余额合计。", decimals=2, group="payment"),
    Indicator(
        "K13",
        "红包及立减核销率",
        "%",
        "R",
        "已核销金额占发放金额的百分比，在0至100之间。",
        decimals=2,
        group="payment",
    ),
    Indicator(
        "K14", "代发工资企业数", "户", "C", "通过数字人民币代发工资的企业总数。", group="business"
    ),
    Indicator(
        "K15",
        "月代发工资金额",
        "元/月",
        "F",
        "本月代发工资的金额，须注明实际或预计，各月不相加。",
        decimals=2,
        group="business",
    ),
    Indicator(
        "K16", "开立对公账户数", "个", "C", "随项目开立的对公结算账户总数。", group="business"
    ),
    Indicator(
        "K17",
        "储备小企业贷款客户数",
        "户",
        "S",
        "期末在储备中的小企业贷款客户数，放款或流失后减少。",
        group="business",
    ),
    Indicator(
        "K18", "营销大型连锁商户数", "户", "C", "已营销成功的大型连锁商户总数。", group="business"
    ),
    Indicator("K19", "营销大型酒店数", "家", "C", "已营销成功的大型酒店总数。", group="business"),
    Indicator("K20", "标杆场景数", "个", "C", "已建成的标杆场景总数。", group="influence"),
    Indicator("K21", "媒体报道篇次", "篇", "C", "媒体对项目的报道总篇次。", group="influence"),
    Indicator(
        "K22", "培训场次", "场", "F", "本期举办培训的场次。", additive=True, group="influence"
    ),
    Indicator(
        "K23", "培训人次", "人次", "F", "本期参加培训的人次。", additive=True, group="influence"
    ),
)
INDICATORS: Mapping[str, Indicator] = MappingProxyType({item.code: item for item in _ALL})
ENTERED = tuple(item.code for item in _ALL if not item.derived)


def indicator(code: str) -> Indicator:
    """Return the indicator with this code. Raises KeyError for an unknown one."""
    return INDICATORS[code]
