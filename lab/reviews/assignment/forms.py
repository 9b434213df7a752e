"""The checkboxes of the matrix of proposals and reviewers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lab.rejected import Rejected

_PAIR = re.compile(r"([a-z0-9]{12}):([a-z0-9]{12})")


def read_pairs(values: Iterable[str]) -> set[tuple[str, str]]:
    """Parse pairs of proposal key and reviewer key from the matrix' checkboxes.

    Raises Rejected for anything that the page does not send.
    """
    matches = [_PAIR.fullmatch(value) for value in values]
    if not all(matches):
        raise Rejected("页面内容已变化，请刷新后重新分配。")
    return {(match[1], match[2]) for match in matches if match}
