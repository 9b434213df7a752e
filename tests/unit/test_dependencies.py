"""What is installed is pinned, explained, and fetched from wherever the machine fetches things."""

from __future__ import annotations

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest
from flask import Flask

from lab.filesystem import ROOT

REQUIREMENTS = ("requirements", "requirements-dev", "requirements-node")
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)", re.MULTILINE)
DIRECT = re.compile(r"^([a-z0-9-]+)(?:\[[a-z]+\])?(?:==\S+)? +# (.+)$")


def direct_lines(name: str) -> list[str]:
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-c"))]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_dependency_states_its_purpose_and_licence(name: str) -> None:
    for line in direct_lines(name):
        match = DIRECT.match(line)
        assert match, f"no reason given: {line}"
        assert re.search(r"\([^()]+\)$", match[2]), f"no licence given: {line}"


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_direct_dependency_is_pinned_with_hashes(name: str) -> None:
    pinned = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    pins = {match[1] for match in PIN.finditer(pinned)}
    direct = {re.split(r"[\[= ]", line)[0] for line in direct_lines(name)}
    assert direct <= pins
    for block in re.split(r"\n(?=[a-z])", pinned[PIN.search(pinned).start() :]):  # type: ignore[union-attr]
        assert "--hash=sha256:" in block, f"no hash: {block.splitlines()[0]}"


def test_pins_of_running_and_of_checking_agree() -> None:
    running, checking = (
        dict(PIN.findall((ROOT / f"{name}.txt").read_text(encoding="utf-8")))
        for name in REQUIREMENTS[:2]
    )
    common = running.keys() & checking.keys()
    assert common
    assert {name: running[name] for name in common} == {name: checking[name] for name in common}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirement_files_name_no_place_to_fetch_from(name: str) -> None:
    for suffix in ("in", "txt"):
        text = (ROOT / f"{name}.{suffix}").read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(
            r"^--?(i|index-url|extra-index-url|find-links|f)\b", text, re.MULTILINE
        )


def test_the_node_lock_file_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_front_end_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_vendored_styles_and_scripts_load_nothing_from_outside() -> None:
    vendor = ROOT / "static" / "vendor"
    styles = [*vendor.rglob("*.css")]
    assert styles
    for path in styles:
        assert not re.search(r"@import|url\(\s*[\"']?(https?:)?//", path.read_text("utf-8")), path
    for path in vendor.rglob("*.js"):
        assert "sourceMappingURL" not in path.read_text("utf-8"), path


def test_settings_are_listed_in_one_place_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/settings.md)" in readme
    assert "| `LAB_" not in readme


def test_the_readme_names_every_command_and_no_other(new_app: Flask) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    paragraph = re.search(r"^\*\*Commands\*\*.*$", readme, re.MULTILINE)
    assert paragraph is not None
    named = {word.split()[0] for word in re.findall(r"`([a-z][a-z -]*)`", paragraph[0])}
    own = set(new_app.cli.commands)
    flask_s = {"run", "shell", "routes"}
    inside = {name for group in new_app.cli.commands.values() for name in _inside(group)}
    assert own - flask_s <= named
    assert named <= own | inside


def _inside(command: click.Command) -> set[str]:
    return set(command.commands) if isinstance(command, click.Group) else set()


def test_whatever_the_portal_imports_is_a_direct_dependency() -> None:
    named = {re.split(r"[\[= ]", line)[0] for line in direct_lines("requirements")}
    # Flask's own foundations come with it and are part of what it offers.
    allowed = named | {"click", "jinja2", "markupsafe", "werkzeug"}
    packages = packages_distributions()
    for module in imported_modules(ROOT / "lab"):
        homes = {re.sub(r"[-_.]+", "-", home).lower() for home in packages.get(module, [])}
        assert homes & allowed, f"lab imports {module}, which requirements.in does not name"


def imported_modules(folder: Path) -> set[str]:
    """Names of the foreign top-level modules that the Python files of a folder import."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"lab", "app"}
