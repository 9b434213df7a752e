"""The public surface of scoring: inputs, official score and ranking under one name."""

from lab.reviews.scoring.arithmetic import sheet_total
from lab.reviews.scoring.inputs import (
    DIRECTION_LABELS,
    Criterion,
    Direction,
    Proposal,
    Rules,
    ScoreError,
    Sheet,
    utility,
)
from lab.reviews.scoring.official import (
    CRITERION_WITHOUT_SCORE,
    FLAG_SHORT,
    FLAG_SPREAD,
    NO_VALID_SHEET,
    TRIM_FROM,
    Mean,
    Official,
    Total,
    official,
)
from lab.reviews.scoring.ranking import ZONE_LABELS, Ranked, Zone, rank, tie_message

__all__ = [
    "CRITERION_WITHOUT_SCORE",
    "DIRECTION_LABELS",
    "FLAG_SHORT",
    "FLAG_SPREAD",
    "NO_VALID_SHEET",
    "TRIM_FROM",
    "ZONE_LABELS",
    "Criterion",
    "Direction",
    "Mean",
    "Official",
    "Proposal",
    "Ranked",
    "Rules",
    "ScoreError",
    "Sheet",
    "Total",
    "Zone",
    "official",
    "rank",
    "sheet_total",
    "tie_message",
    "utility",
]
