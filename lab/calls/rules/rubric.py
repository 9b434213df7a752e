"""The default criteria of a call, their five levels, and the bands of any scale.

Source of the rule: the four dimensions on which the laboratory's office judges projects
(importance, complexity of the business, demonstration, replicability). The office published neither
weights nor level texts; both are presets that every call may change until it is locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

Exact = Decimal | int


@dataclass(frozen=True)
class Band:
    """A named level; `floor` is its lowest share of the scale in percent, 0–100."""

    key: str
    label: str
    floor: int


BANDS = (
    Band("excellent", "优", 90),
    Band("good", "良", 80),
    Band("fair", "中", 70),
    Band("pass", "及格", 60),
    Band("fail", "不及格", 0),
)


@dataclass(frozen=True)
class Scale:
    """Scores from lo to hi in steps. Raises ValueError unless the step divides the scale."""

    lo: Exact = 0
    hi: Exact = 100
    step: Exact = 1

    def __post_init__(self) -> None:
        if self.step <= 0 or self.lo >= self.hi:
            raise ValueError("the scale must rise in positive steps")
        if ((Fraction(self.hi) - Fraction(self.lo)) / Fraction(self.step)).denominator != 1:
            raise ValueError("the step must divide the scale")

    @property
    def steps(self) -> int:
        """The number of steps from the low to the high end."""
        return int((Fraction(self.hi) - Fraction(self.lo)) / Fraction(self.step))


SCALES: Mapping[str, Scale] = MappingProxyType(
    {"hundred": Scale(), "ten": Scale(Decimal(0), Decimal(10), Decimal("0.5"))}
)
SCALE_LABELS = {"hundred": "0–100分，整数", "ten": "0–10分，可打半分"}


@dataclass(frozen=True)
class Dimension:
    """A default criterion: key, name, question to the reviewer, level texts from 优 to 不及格."""

    key: str
    name: str
    question: str
    levels: tuple[str, str, str, str, str]


DIMENSIONS = (
    Dimension(
        "importance",
        "项目的重要性",
        "项目对国家和本市试点任务、对邮银双方重点工作有多大作用？",
        (
            "直接承担国家或本市试点任务，或落实集团明确要求；成果影响实验室全局，"
            "邮政、银行双方都有明确并可量化的收益。",
            "与年度重点工作高度一致，至少一方已列为重点，另一方也有实际收益；收益可以量化。",
            "与重点工作有关，收益主要落在个别条线，量化依据基本站得住。",
            "与重点工作关系较弱，以单个点位的宣传或体验为主，收益只有定性说明。",
            "与数字人民币业务或实验室职责没有明显关系，或与在办项目重复。",
        ),
    ),
    Dimension(
        "complexity",
        "涉及业务的复杂程度",
        "项目真正牵动多少条线和单位，难点是否已在掌握之中？",
        (
            "牵动邮政、银行和外部单位三方以上，系统对接、资金、合规等多个环节相互关联；"
            "难点识别完整，分工、路径和应急措施都已落实。",
            "牵动邮银双方多个条线，关键难点已有方案，个别环节还需协调。",
            "牵动两个以上部门，环节不多，难点分析基本到位。",
            "一个部门即可完成，业务链条短；或事项较复杂而措施笼统。",
            "复杂程度明显超出承担能力，关键的合规或技术障碍没有识别。",
        ),
    ),
    Dimension(
        "demonstration",
        "示范性",
        "项目做成以后，别人是否愿意来看、来学？",
        (
            "在本市或系统内属首创或领先，场景有代表性、看得见，展示和宣传有明确安排与量化目标。",
            "在本单位属首次，在行业或区域内有代表性，展示价值较高。",
            "有一定特色，代表性一般，可供同类项目参考。",
            "属常规做法，特色不明显。",
            "没有展示价值，或可能带来负面影响。",
        ),
    ),
    Dimension(
        "replicability",
        "可复制性",
        "其他支行、区分公司或其他场景能否照着做？",
        (
            "方案已标准化，成本、条件、步骤清楚，已有两个以上意向复制点，推广计划可以执行。",
            "核心环节可以标准化，所需条件较为普遍，已有一个意向复制点。",
            "部分环节可以复制，需要较多的本地改造。",
            "依靠特定场地、关系或一次性投入，可复制的范围窄。",
            "只适用于单个特例，无法复制。",
        ),
    ),
)

WEIGHTS: Mapping[str, tuple[int, int, int, int]] = MappingProxyType(
    {"default": (30, 20, 25, 25), "equal": (25, 25, 25, 25)}
)


WEIGHT_LABELS = {"default": "30、20、25、25", "equal": "四项各25"}


@dataclass(frozen=True)
class Preset:
    """A default criterion (benefit): weight in points, scale, level texts."""

    key: str
    name: str
    weight: int
    scale: Scale
    levels: tuple[str, ...]


def default_criteria(weights: str = "default", scale: str = "hundred") -> tuple[Preset, ...]:
    """Return the four criteria with a preset of weights and a preset scale.

    Raises KeyError for an unknown preset.
    """
    preset_scale = SCALES[scale]
    return tuple(
        Preset(dimension.key, dimension.name, weight, preset_scale, dimension.levels)
        for dimension, weight in zip(DIMENSIONS, WEIGHTS[weights], strict=True)
    )


def format_value(value: Exact) -> str:
    """Format without trailing zeros: 7.5, 100."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def band_ends(band: Band, scale: Scale) -> tuple[str, str] | None:
    """Return lowest and highest score of a band on the scale.

    None where the scale is too coarse to reach it.
    """
    top = next((b.floor for b in reversed(BANDS) if b.floor > band.floor), None)
    first = -(-band.floor * scale.steps // 100)
    last = scale.steps if top is None else -(-top * scale.steps // 100) - 1
    return (_score_at(first, scale), _score_at(last, scale)) if first <= last else None


def describe_levels(levels: tuple[str, ...], scale: Scale) -> list[dict[str, Any]]:
    """Return the rubric as stored: {label, lo, hi, text} from 优 to 不及格.

    lo and hi are texts or None.

    Raises ValueError unless there is one text for each band.
    """
    rows = []
    for band, text in zip(BANDS, levels, strict=True):
        lo, hi = band_ends(band, scale) or (None, None)
        rows.append({"label": band.label, "lo": lo, "hi": hi, "text": text})
    return rows


def _score_at(position: int, scale: Scale) -> str:
    value = Fraction(scale.lo) + position * Fraction(scale.step)
    return format_value(Decimal(value.numerator) / Decimal(value.denominator))
