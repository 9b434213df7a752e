"""Similarity of two proposals, by title and by text. Pure.

Advice for people, never a decision: the page shows the percentages and the shared passage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from lab.proposals.rules.matching import fold

# Names: at 70 of 100 社区食堂数币支付 and 社区食堂数币缴费 meet; those that share only what
# every name has stay far below, since that is taken out first.
TITLE_PERCENT = 70
# Texts: a third of the shorter text in the same words is more than quoted rules and set phrases.
TEXT_PERCENT = 30
SHINGLE = 6  # characters; shorter ones are shared by any two texts on the same subject
MIN_SHINGLES = 30  # a text of a few sentences says too little
MIN_PART = 4  # characters of a name that may count as contained in another
MAX_STRETCH = 120  # characters of the shared stretch that are shown
MAX_RESULTS = 5  # pairs shown
KEY_LENGTH = 100  # a sign may fold to several
# Stands in nearly every name and tells nothing apart.
_COMMON = re.compile(r"演示|数字人民币|数币|e-?cny|创新|项目|应用|建设|试点|示范|场景|推广")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Similarity:
    """In percent; `stretch` is the longest shared passage."""

    title_percent: int
    text_percent: int
    stretch: str = ""

    @property
    def is_notable(self) -> bool:
        """Whether a person should look at it."""
        return self.title_percent >= TITLE_PERCENT or self.text_percent >= TEXT_PERCENT

    @property
    def most(self) -> int:
        return max(self.title_percent, self.text_percent)


def title_key(title: str) -> str:
    """Return the form in which names are the same or not.

    Width, case, blanks and signs make no difference. At most KEY_LENGTH characters.
    """
    folded = fold(title)
    return (_SIGNS.sub("", folded) or folded.strip())[:KEY_LENGTH]


def title_core(title: str) -> str:
    """Return the distinctive part of a title, without punctuation and common words."""
    plain = _SIGNS.sub("", fold(title))
    return _COMMON.sub("", plain) or plain


def title_percent(mine: str, other: str) -> int:
    """Return the similarity of two names (as `title_core` gives them) by characters.

    0 where one is empty.

    A name contained in the other counts nine tenths: 食堂缴费 in 园区食堂缴费.
    """
    if not mine or not other:
        return 0
    whole = fuzz.ratio(mine, other)
    part = fuzz.partial_ratio(mine, other) * 0.9
    return round(max(whole, part if min(len(mine), len(other)) >= MIN_PART else 0))


def shingles(text: str) -> frozenset[str]:
    """Return the overlapping pieces of SHINGLE characters of a text without punctuation."""
    plain = _SIGNS.sub("", fold(text))
    return frozenset(plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1))


def text_percent(mine: frozenset[str], other: frozenset[str]) -> int:
    """Return how much of the shorter text occurs in the other, 0 where one is too short."""
    shorter = min(len(mine), len(other))
    return round(100 * len(mine & other) / shorter) if shorter >= MIN_SHINGLES else 0


def shared_stretch(mine: str, other: str) -> str:
    """Return the longest passage shared verbatim, cut after MAX_STRETCH characters."""
    matcher = SequenceMatcher(None, mine, other, autojunk=False)
    match = matcher.find_longest_match()
    piece = mine[match.a : match.a + match.size].strip()
    if len(piece) < SHINGLE:
        return ""
    return piece if len(piece) <= MAX_STRETCH else f"{piece[:MAX_STRETCH]}…"


def samples(text: str, count: int, length: int) -> tuple[str, ...]:
    """Return up to `count` pieces of `length` Chinese characters, spread over the text.

    Texts that share one are worth comparing.
    """
    runs = [run for run in re.findall(r"[\u3400-\u9fff]+", fold(text)) if len(run) >= length]
    candidates = [(run, i) for run in runs for i in range(0, len(run) - length + 1, length)]
    step = max(1, len(candidates) // count)
    return tuple(dict.fromkeys(run[i : i + length] for run, i in candidates[::step]))[:count]
