"""The status lights of projects, as their pages evaluate them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lab.portfolio.core.status_evaluation import light_inputs, lights_from
from lab.portfolio.rules.status_light import Light


def status_lights(project_ids: Sequence[int], cutoff: date | None = None) -> dict[int, Light]:
    """Return the light of each project as of the end of `cutoff`, by project id.

    Today when None.
    """
    return lights_from(light_inputs(project_ids, cutoff))
