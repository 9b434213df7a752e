"""The public API of scoring: inputs, official score and ranking."""

from lab.reviews.scoring.arithmetic import sheet_total
from lab.reviews.scoring.inputs import (
    DIRECTION_LABELS,
    Criterion,
    Direction,
    RankedProposal,
    RoundRules,
    ScoreError,
    ScoreInput,
    utility,
)
from lab.reviews.scoring.official import (
    CRITERION_WITHOUT_SCORE,
    FLAG_SPREAD,
    FLAG_TOO_FEW,
    NO_VALID_SHEET,
    TRIM_FROM,
    CriterionMean,
    OfficialScore,
    SheetTotal,
    official_score,
)
from lab.reviews.scoring.ranking import ZONE_LABELS, Ranked, Zone, rank_proposals, tie_message

__all__ = [
    "CRITERION_WITHOUT_SCORE",
    "DIRECTION_LABELS",
    "FLAG_SPREAD",
    "FLAG_TOO_FEW",
    "NO_VALID_SHEET",
    "TRIM_FROM",
    "ZONE_LABELS",
    "Criterion",
    "CriterionMean",
    "Direction",
    "OfficialScore",
    "Ranked",
    "RankedProposal",
    "RoundRules",
    "ScoreError",
    "ScoreInput",
    "SheetTotal",
    "Zone",
    "official_score",
    "rank_proposals",
    "sheet_total",
    "tie_message",
    "utility",
]
