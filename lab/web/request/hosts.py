"""The names under which the portal may be reached, and its base address for links.

`Host` is untrusted input. It is compared here, before anything reads it, and then replaced by the
portal's own name, so that nothing later can trust it.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from lab.config.checks import is_loopback
from lab.config.settings import Settings
from lab.errors import error_page

log = logging.getLogger("lab.hosts")
ASKED, REFUSED = "lab.host", "lab.host_refused"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Hosts:
    """`names` are lower-case, addresses in short form; `own`: any address of this machine."""

    netloc: str
    names: frozenset[str]
    own: bool = False

    def allow(self, host: str) -> bool:
        """Return whether the value of a Host header names the portal; the port does not matter."""
        name = name_of(host)
        return name in self.names or (self.own and is_own_address(name))


def allowed_hosts(settings: Settings) -> Hosts:
    """Return, in production, the names of LAB_BASE_URL and LAB_ALLOWED_HOSTS.

    A demonstration also accepts this machine's name and addresses.
    """
    host_values = [*settings.allowed_hosts, urlsplit(settings.public_url).hostname or ""]
    if not settings.production:
        machine_name = socket.gethostname()
        host_values += [*LOCAL_NAMES, machine_name, machine_name.partition(".")[0], settings.host]
    names = frozenset(filter(None, map(_plain, host_values)))
    return Hosts(netloc_of(settings.public_url) or "localhost", names, own=not settings.production)


def _plain(name: str) -> str:
    """Return a name as a browser sends it: lower case, Chinese characters in ASCII form."""
    try:
        return ipaddress.ip_address(name).compressed
    except ValueError:
        pass
    try:
        return name.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name.rstrip(".").lower()


def name_of(host: str) -> str:
    """Return the name in a Host header, without port; "" for an invalid one."""
    match = _HOST.fullmatch(host)
    return _plain(match[1].strip("[]")) if match else ""


def netloc_of(url: str) -> str:
    """Return name and port of an address as a browser writes them; "" for an invalid address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    name = _plain(parts.hostname or "")
    name = f"[{name}]" if ":" in name else name
    return name if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def is_own_address(name: str) -> bool:
    """Return whether an IP address is one of this machine's, which alone can be bound."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((name, 0))
    except OSError:
        return False
    return True


class HostMiddleware:
    """WSGI middleware: replace `Host` by the portal's own name, flag one that is not allowed."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], hosts: Hosts) -> None:
        self._wsgi, self._hosts = wsgi, hosts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        environ[REFUSED] = not self._hosts.allow(host)
        environ[ASKED], environ["HTTP_HOST"] = host, self._hosts.netloc
        return self._wsgi(environ, start_response)


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return the absolute address of a page for paper and mail, inside a request and outside alike.

    Empty where a command runs in production without LAB_BASE_URL.
    """
    settings: Settings = current_app.config["SETTINGS"]
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return settings.public_url and settings.public_url + path


def same_origin() -> bool:
    """Return whether the browser says that a page of the portal sent this request."""
    return is_own_origin(request.headers.get("Origin") or request.headers.get("Referer") or "")


def is_own_origin(url: str) -> bool:
    """Return whether an address from the browser is the portal's, under the requested name."""
    origin = netloc_of(url)
    return bool(origin) and origin in (request.environ.get(ASKED), request.host)


def _reject() -> Response | None:
    """Answer 421 for another name. `/health` answers this machine itself under any name."""
    if not request.environ.get(REFUSED):
        return None
    if request.endpoint == "system.health" and is_loopback(request.remote_addr or ""):
        return None
    log.info("host refused", extra={"host": request.environ[ASKED][:100]})
    settings: Settings = current_app.config["SETTINGS"]
    if settings.production:
        return error_page(421, f"请改用门户网址{settings.public_url}访问。")
    message = (
        "这是演示环境，请用本机的名称或地址访问。要用其他网址，请登记在设置LAB_ALLOWED_HOSTS中。"
    )
    return error_page(421, message)


def _keep_host(response: Response) -> Response:
    """Keep the router's own redirects (a superfluous slash) on the requested name."""
    if 300 <= response.status_code < 400 and "://" in (response.location or ""):
        to = urlsplit(response.location or "")
        path = "/" + to.path.lstrip("/")  # two slashes would name another machine
        response.location = to._replace(scheme="", netloc="", path=path).geturl()
    return response


def init(app: Flask, settings: Settings) -> None:
    """Check the host of every request before anything else."""
    app.wsgi_app = HostMiddleware(app.wsgi_app, allowed_hosts(settings))  # type: ignore[method-assign]
    app.before_request(_reject)
    app.after_request(_keep_host)
