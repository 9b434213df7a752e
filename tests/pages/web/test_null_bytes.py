"""A null byte, which nobody sees and PostgreSQL cannot look for, changes nothing on any page."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


def _shown(answer: TestResponse) -> str:
    return str(answer.json) if answer.is_json else text_of(answer)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("office", "/people?q={}评委甲"),
        ("office", "/handovers?q={}评委甲"),
        ("office", "/people?{}q=评委甲"),
        ("applicant", "/people/search?q={}评委甲"),
    ],
)
def test_a_list_is_filtered_as_without_it(
    both_client: PageClient, both_cast: Cast, who: str, path: str
) -> None:
    reader = both_client.as_(getattr(both_cast, who))
    answers = [reader.http.get(path.format(null)) for null in ("", "%00")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("评委甲" in _shown(answer) for answer in answers)


def test_what_is_chosen_with_one_is_not_there(both_client: PageClient, both_cast: Cast) -> None:
    security = both_client.as_(both_cast.security)
    sent = {"requests": "\x00x", "decision": "refuse", "answer": "不同意。"}
    assert "已不存在" in text_of(security.post("/role-requests", sent, status=422))
