"""Sign-in in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_a_person_signs_in_and_the_page_fits_the_screen(as_person: Visit, width: int) -> None:
    page = as_person("office", width, by_form=True)
    assert page.get_by_role("heading", level=1).inner_text() == "首页"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
