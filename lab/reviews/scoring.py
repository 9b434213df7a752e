"""The public surface of scoring: inputs, official score and ranking under one name."""

from lab.reviews.marks import (
    DIRECTION_LABELS,
    Criterion,
    Direction,
    Proposal,
    Rules,
    ScoreError,
    Sheet,
    utility,
)
from lab.reviews.official import (
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
from lab.reviews.ranking import ZONE_LABELS, Ranked, Zone, rank, tie_sentence
from lab.reviews.sums import sheet_total

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
    "tie_sentence",
    "utility",
]
