"""What every step of the set-up shares: where things are, running commands, stamps."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
LOG = CACHE / "setup.log"
PIP_FILES = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf")
BUNDLES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian and what follows it
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
)


class Failed(Exception):
    """A step could not be done; the message says what and what to do about it."""


class PackagesNeeded(Exception):
    """System packages are missing and may not be installed here; `command` is the one line that
    installs them."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*command: object, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command with its output in the log; raise Failed with the log's end if it fails."""
    words = [str(word) for word in command]
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a+b") as log:
        log.write(f"\n$ {' '.join(words)}\n".encode())
        log.flush()
        start = log.tell()
        code = _exit_code(words, env, cwd, log)
        if code:
            log.seek(start)
            tail = log.read().decode(errors="replace").splitlines()[-25:]
            raise Failed("\n".join([f"{words[0]} ended with {code}:", *tail]))


def _exit_code(words: list[str], env: dict[str, str] | None, cwd: Path, log: IO[bytes]) -> int:
    try:
        return subprocess.run(
            words,
            env={**certificates(), **os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        ).returncode
    except OSError as error:
        raise Failed(f"{words[0]} could not be started: {error.strerror}") from error


def certificates() -> dict[str, str]:
    """Settings that make pip and npm trust what the system trusts.

    Both bring a list of their own, which does not know an institution's own authority. Node adds
    the system's to its list; whoever has set one of these is not overruled (see `run`).
    """
    bundle = next((path for path in BUNDLES if path.is_file()), None)
    if bundle is None:
        return {}
    found = {"NODE_EXTRA_CA_CERTS": str(bundle)}
    if not _pip_has_its_own():
        found["PIP_CERT"] = str(bundle)
    return found


def _pip_has_its_own() -> bool:
    """Whether a configuration file of pip names certificates: a setting would overrule it."""
    named = os.environ.get("PIP_CONFIG_FILE", os.devnull)
    places = [Path(place).expanduser() for place in (*PIP_FILES, named)]
    return any(
        re.search(r"^\s*cert\s*[=:]", path.read_text(errors="replace"), re.MULTILINE)
        for path in places
        if path.is_file()
    )


@contextmanager
def timed(title: str) -> Iterator[None]:
    """Print what is being done and, when it is done, how long it took."""
    say(f"{title} …")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.1f} s")


def fingerprint(*parts: str | Path) -> str:
    """One hash over texts and the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, "" when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def fingerprint_of_folder(folder: Path) -> str:
    """One hash over the names and contents of all files in a folder but hidden ones."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return fingerprint(*(part for path in files for part in (str(path.relative_to(folder)), path)))


def is_stamped(stamp: Path, value: str) -> bool:
    """Whether a step left this very value when it was last completed."""
    return stamp.is_file() and stamp.read_text() == value


def write_stamp(stamp: Path, value: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)
