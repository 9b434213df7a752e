"""A page being laid out can read nothing but data: addresses and the known fonts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.reports.content.leading import to_plain
from lab.reports.rendering import pdf
from lab.reports.rendering.fetcher import AddressRejected, RestrictedFetcher
from tests.support.documents.report_cases import facts_report


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def _nobody_called(server: socket.socket) -> bool:
    try:
        connection, _ = server.accept()
    except TimeoutError:
        return True
    connection.close()
    return False


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">附件</a>',
        '<p style="background:url({url})">文</p>',
        '<style>@import "{url}"</style>',
        '<object data="{url}"></object>',
        '<embed src="{url}">',
    ],
)
def test_external_references_stop_the_render(
    markup: str, listener: socket.socket, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    for url in (f"http://127.0.0.1:{listener.getsockname()[1]}/x", secret.as_uri()):
        with pytest.raises(AddressRejected):
            pdf.write_pdf(f"<html><body>{markup.format(url=url)}</body></html>")
    assert _nobody_called(listener)


def test_an_image_cannot_pull_in_another_file(listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    inner = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
        f"<image href='{url}' width='9' height='9'/></svg>"
    )
    with pytest.raises(AddressRejected):
        pdf.write_pdf(f'<img src="data:image/svg+xml,{inner}">')
    assert _nobody_called(listener)


def test_user_text_with_markup_is_printed_as_text(listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    plain = to_plain(facts_report())
    text = f'<img src="{url}"><link rel="attachment" href="file:///etc/hostname">'
    plain["portfolio"][0]["name"] = text
    html = pdf.render_html(plain)
    own = ('<img src="data:', '<img class="qr" src="data:')
    assert html.count("<img") == sum(html.count(start) for start in own)
    assert pdf.write_pdf(html).startswith(b"%PDF")
    assert _nobody_called(listener)


def test_only_the_listed_files_can_be_read(tmp_path: Path) -> None:
    font, other = tmp_path / "a.otf", tmp_path / "b.otf"
    font.write_bytes(b"font")
    other.write_bytes(b"other")
    fetcher = RestrictedFetcher([font])
    assert fetcher.fetch(font.as_uri()).read() == b"font"
    escapes = (
        other.as_uri(),
        f"file://{tmp_path}/x/../b.otf",
        f"{font.as_uri()}?x",
        f"file://server{font}",
        "ftp://127.0.0.1/a",
        "relative.otf",
    )
    for url in escapes:
        with pytest.raises(ValueError, match="refused"):
            fetcher.fetch(url)
    assert fetcher.rejected == list(escapes)


def test_data_addresses_are_read() -> None:
    assert RestrictedFetcher().fetch("data:text/plain;base64,5Lit").read() == "中".encode()
