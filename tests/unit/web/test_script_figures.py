"""What scripts compute while somebody types is what the server computes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from lab.amounts import digits, format_trimmed
from lab.reviews.scoring.arithmetic import round_half_up, sheet_total
from lab.reviews.scoring.inputs import Criterion, Direction, RoundRules, ScoreError, ScoreInput
from lab.web.filters import format_size
from lab.web.typed.numbers import parse_decimal
from lab.web.typed.text import TextError, count_characters
from lab.web.typed.units import SIZES, in_unit
from tests.support.scripts import call_script

SHEETS = 600
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
STEPS = [Decimal(step) for step in ("0.01", "0.1", "0.25", "0.5", "1", "5")]
DIRECTIONS: list[Direction] = ["benefit", "benefit", "benefit", "cost", "info"]


# -- the running total of a score sheet -----------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """A sheet as somebody fills it in: what stands in the control of each criterion."""

    rules: RoundRules
    texts: list[str]

    def answers(self) -> list[dict[str, str]]:
        """As the script finds it: the attributes that the template writes, and the text."""
        return [
            {
                "weight": str(criterion.weight),
                "lo": format_trimmed(criterion.lo, grouped=False),
                "hi": format_trimmed(criterion.hi, grouped=False),
                "step": format_trimmed(criterion.step, grouped=False),
                "direction": criterion.direction,
                "score": text,
            }
            for criterion, text in zip(self.rules.criteria, self.texts, strict=True)
        ]

    def on_the_server(self) -> dict[str, Any]:
        """Total and missing answers as the server has them, once it has read the texts."""
        pairs = list(zip(self.rules.criteria, self.texts, strict=True))
        scores = {criterion.key: read(criterion, text) for criterion, text in pairs}
        total = sheet_total(self.rules, ScoreInput("reviewer", "submitted", scores))
        missing = sum(c.counted and scores[c.key] is None for c in self.rules.criteria)
        return {"score": None if total is None else str(round_half_up(total)), "missing": missing}


def read(criterion: Criterion, text: str) -> Decimal | None:
    """The score that a form takes from a text, None for what it leaves blank or refuses."""
    try:
        number = parse_decimal(text, decimals=2)
        criterion.position_of(number)
    except (TextError, ScoreError):
        return None
    return number


def random_criterion(random: Random, key: str) -> Criterion:
    step = random.choice(STEPS)
    lo = random.choice([Decimal(0), Decimal(0), Decimal(1), step])
    weight = random.choice([0, random.randint(1, 100), Decimal(random.randint(1, 9999)) / 100])
    hi = lo + step * random.choice([1, 2, 3, 7, 10, 20, 100, random.randint(1, 2000)])
    return Criterion(key, weight, lo, hi, step, random.choice(DIRECTIONS), random.random() < 0.8)


def random_text(random: Random, criterion: Criterion) -> str:
    """A score on the scale in one of the ways to type it; now and then none that counts."""
    kind = random.random()
    if kind < 0.02:
        return random.choice(["", " ", "八十", "-", "9分", "1.2.3", "1,2", "1 0", "½"])
    if kind < 0.04:
        return format_trimmed(random.choice([Decimal(criterion.hi) + 1, Decimal(criterion.lo) - 1]))
    if kind < 0.1:
        return random.choice(["+1", "1.", ".5", "１．００", "2.25", "3.005", str(random.random())])
    place = random.choice([0, criterion.steps, random.randint(0, criterion.steps)])
    score = Decimal(criterion.lo) + Decimal(criterion.step) * place
    written = random.choice(
        [format_trimmed(score), format_trimmed(score, grouped=False), digits(score), f" {score} "]
    )
    return written.translate(FULL_WIDTH) if random.random() < 0.1 else written


def random_sheets(random: Random) -> list[Typed]:
    sheets: list[Typed] = []
    while len(sheets) < SHEETS:
        criteria = tuple(random_criterion(random, f"c{n}") for n in range(random.randint(1, 8)))
        if any(criterion.counted for criterion in criteria):
            texts = [random_text(random, criterion) for criterion in criteria]
            sheets.append(Typed(RoundRules(criteria, places=1), texts))
    return sheets


def test_the_running_total_is_the_servers_to_the_last_digit() -> None:
    sheets = random_sheets(Random(20220701))
    expected = [sheet.on_the_server() for sheet in sheets]
    shown = call_script("score/total.js", "runningTotal", [[sheet.answers()] for sheet in sheets])
    wrong = [
        (sheet.answers(), answer, right)
        for sheet, answer, right in zip(sheets, shown, expected, strict=True)
        if answer != right
    ]
    assert wrong == []
    totals = {right["score"] for right in expected}
    assert {None, "0.00", "100.00"} < totals and len(totals) > SHEETS / 4


def test_the_running_total_rounds_half_a_hundredth_up() -> None:
    """Of a tenth of the weight, on a scale of 2,000 steps, each odd number of steps is a half."""
    fine = Criterion("a", 1, 0, 20, Decimal("0.01"))
    rules = RoundRules((fine, Criterion("b", 9, 0, 10)), places=1)
    sheets = [Typed(rules, [str(Decimal(n) / 100), "7"]) for n in range(fine.steps + 1)]
    expected = [sheet.on_the_server() for sheet in sheets]
    assert [right["score"] for right in expected[:4]] == ["63.00", "63.01", "63.01", "63.02"]
    assert (
        call_script("score/total.js", "runningTotal", [[s.answers()] for s in sheets]) == expected
    )


# -- characters, sizes, sums ----------------------------------------------------------------------


def test_the_counter_counts_characters_as_they_are_stored() -> None:
    random = Random(5)
    parts = [
        *"字a1，。\n\t \u3000\ufeff\u200b\u200d\u2060\u2028",
        "\r\n",
        "\r",
        "e\u0301",
        "한",
        "😀",
        "𠮷",
    ]
    texts = ["".join(random.choices(parts, k=random.randint(0, 12))) for _ in range(2000)]
    counted = call_script("shared/text.js", "countCharacters", [[text] for text in texts])
    assert counted == [count_characters(text) for text in texts]


def test_file_sizes_read_as_on_the_server() -> None:
    random = Random(6)
    edges = [
        n * unit + more
        for unit in (1, 1024, 1024**2)
        for n in (1, 999, 1024)
        for more in (-1, 0, 1)
    ]
    sizes = [*edges, *range(1024, 4096, 64), *(random.randrange(10**8) for _ in range(500))]
    shown = call_script("shared/text.js", "formatSize", [[size] for size in sizes])
    assert shown == [format_size(size) for size in sizes]


def test_the_sum_of_a_column_of_money_is_the_servers() -> None:
    random = Random(7)
    columns = [[random_amount(random) for _ in range(random.randint(0, 6))] for _ in range(500)]
    shown = call_script("rows/amounts.js", "sumOfAmounts", [[column] for column in columns])
    assert shown == [format_trimmed(sum(map(amount_of, column), Decimal(0))) for column in columns]


def random_amount(random: Random) -> str:
    amount = Decimal(random.randrange(10 ** random.randint(1, 14))) / 100
    others = ["", "约三万", "1,2", "1 000", ".5", "7.", "+3", "0.125", "2.500"]
    text = random.choice(
        [
            *[format_trimmed(amount), format_trimmed(amount, grouped=False), digits(amount)] * 3,
            *others,
        ]
    )
    return text.translate(FULL_WIDTH) if random.random() < 0.1 else text


def amount_of(text: str) -> Decimal:
    try:
        return parse_decimal(text, decimals=2)
    except TextError:
        return Decimal(0)


# -- figures with units ---------------------------------------------------------------------------


def test_a_figure_with_its_unit_is_converted_as_on_the_server() -> None:
    figures = ["3", "1.5", "0.00015", "-2", "1,200", "1 200", "１２", "约3", "1,2", ""]
    units = ["", *SIZES, *(f"{size}{base}" for size in SIZES for base in ("元", "户")), "%", "人"]
    typed = [f"{sign}{figure}{unit}" for sign in ("", "￥") for figure in figures for unit in units]
    pairs = [(text, unit) for text in typed for unit in ("", "元", "户", "%")]
    shown = call_script("shared/units.js", "inUnit", [[*pair] for pair in pairs])
    found = [in_unit(text, unit) for text, unit in pairs]
    # What the server refuses stays in the box as it was typed.
    expected = [text if one is None else one for one, (text, _) in zip(found, pairs, strict=True)]
    wrong = [
        (pair, answer, right)
        for pair, answer, right in zip(pairs, shown, expected, strict=True)
        if number_of(answer) != number_of(right)
    ]
    assert wrong == []
    assert found.count(None) > 100 and "30,000" in found


def number_of(text: str) -> Decimal | str:
    try:
        return parse_decimal(text, decimals=12)
    except TextError:
        return text
