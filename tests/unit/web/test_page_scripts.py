"""Which modules a page loads, and from which addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lab.filesystem import ROOT
from lab.web.pages import scripts, shell
from steps import frontend

FILES = {
    "forms.js": 'import { a } from "./forms/text.js";\nimport {\n  b,\n} from "./shared.js";\n',
    "forms/text.js": 'import { b } from "../shared.js";\nexport const a = "./none.js";\n',
    "shared.js": "export function b() {}\n",
    "page.js": "/* Nothing imported. */\n",
    "score.js": 'import "./score/total.js";\n',
    "score/total.js": "",
}


def app_with(folder: Path) -> Flask:
    app = Flask("scripts", static_folder=str(folder), static_url_path="/static")
    shell.init(app)
    return app


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The scripts of a small portal, in the context of a request."""
    for name, text in FILES.items():
        (tmp_path / "js" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "js" / name).write_text(text, encoding="utf-8")
    with app_with(tmp_path).test_request_context():
        yield tmp_path / "js"


def plain(addresses: list[str]) -> list[str]:
    return [address.partition("?")[0].removeprefix("/static/js/") for address in addresses]


def test_a_page_starts_what_its_hooks_ask_for(folder: Path) -> None:
    assert plain(scripts.page_scripts("<p>text</p>").start) == ["forms.js", "page.js"]
    page = scripts.page_scripts('<form data-total><div data-rows="x"></div></form>')
    assert plain(page.start) == ["forms.js", "page.js", "score.js", "rows.js"]
    assert plain([*page.imports]) == ["forms/text.js", "score/total.js", "shared.js"]


def test_styles_of_the_editor_come_only_where_one_is() -> None:
    with app_with(ROOT / "static").test_request_context():
        assert scripts.page_scripts("<p>text</p>").styles == []
        styles = scripts.page_scripts("<div data-rich></div>").styles
    assert all("?v=" in address for address in styles), "every file exists"
    assert plain(styles)[-1] == "/static/css/rich.css"


def test_an_import_leads_to_the_content_of_this_release(folder: Path) -> None:
    before = scripts.page_scripts("")
    for address, hashed in before.imports.items():
        assert re.fullmatch(re.escape(address) + r"\?v=[0-9a-f]{12}", hashed)
    (folder / "shared.js").write_text("export function b() { return 1; }\n", encoding="utf-8")
    after = scripts.page_scripts("")
    changed = {a for a in after.imports if after.imports[a] != before.imports[a]}
    assert plain([*changed]) == ["shared.js"]
    assert after.start == before.start


def test_every_script_is_loaded_and_every_import_exists() -> None:
    with app_with(ROOT / "static").test_request_context():
        page = scripts.page_scripts(" ".join(scripts.HOOKS))
    loaded = set(plain([*page.start, *page.imports]))
    folder = ROOT / "static" / "js"
    own = {name for name in loaded if not name.startswith("/static/vendor/")}
    assert own == {str(path.relative_to(folder)) for path in folder.rglob("*.js")}
    # Third-party modules have the address of their content, too: files that bin/setup has made.
    bundles = {address.removeprefix("/static/") for address in loaded - own}
    assert bundles == {f"vendor/{name}" for name in frontend.BUNDLES}
    assert all(page.imports[f"/static/{name}"].partition("?v=")[2] for name in bundles)
    # A module that starts is not imported as well: without import maps it would run twice.
    assert not set(plain(page.start)) & set(plain([*page.imports]))
