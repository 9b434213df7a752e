"""Whether the portal can listen where it is to; asked before anything is loaded."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping

HOST, PORT = "127.0.0.1", "8000"  # as in lab/config/settings.py, which is not loaded yet


def problem(environ: Mapping[str, str] = os.environ) -> str | None:
    """A sentence that says why not, and which setting to change; None where it can.

    A setting that is no port or no host is left to the check of all settings.
    """
    host = environ.get("LAB_HOST", "").strip() or HOST
    port = environ.get("LAB_PORT", "").strip() or PORT
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    try:
        _try(host, int(port))
    except OSError as error:
        return f"启动失败：{_sentence(error, host, int(port))}"
    return None


def _try(host: str, port: int) -> None:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, where in found[:1]:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)  # two may bind a port, but only one may listen


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return (
            f"端口{port}已被其他程序占用。请先停止那个程序，"
            f"或用设置 LAB_PORT 换一个端口，如 LAB_PORT={other} bin/serve。"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口{port}，请用设置 LAB_PORT 换一个1024以上的端口。"
    return f"本机没有地址“{host}”，请检查设置 LAB_HOST。"
