"""The names of a proposal's units in one text, and out of it again."""

from __future__ import annotations

import pytest

from lab.proposals.rules.unit_names import join_units, split_units

KNOWN = {"东城支行", "丰台支行", "个人、公司部", "个人", "公司部"}


@pytest.mark.parametrize(
    ("unit", "joint", "told"),
    [
        ("东城支行", None, ("东城支行", "")),
        ("东城支行", "丰台支行", ("东城支行", "丰台支行")),
        ("东城支行", "个人、公司部", ("东城支行", "个人、公司部")),
        ("个人、公司部", "东城支行", ("个人、公司部", "东城支行")),
        ("个人、公司部", None, None),  # or two units
        ("旧名支行", "丰台支行", None),
        ("东城支行", "旧名支行", None),
    ],
)
def test_units_are_told_by_their_names_or_not_at_all(
    unit: str, joint: str | None, told: tuple[str, str] | None
) -> None:
    assert split_units(join_units((unit, joint)), KNOWN) == told
