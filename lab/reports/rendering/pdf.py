"""Render a frozen snapshot to HTML and PDF, byte-identical every time.

Nothing here uses a database or a request. The PDF's dates and identifier come from the snapshot,
never from the clock, so that a reprint equals the file already delivered.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from lab.canonical import short
from lab.filesystem import ROOT
from lab.reports.content import cells, proposal_copy, wording
from lab.reports.content import leading as leading_content
from lab.reports.content import slips as slips_content
from lab.reports.content.leading import LeadingReport
from lab.reports.graphics import charts, qr
from lab.reports.rendering.fetcher import AddressRejected, RestrictedFetcher
from lab.reports.rendering.fonts import find_fonts, font_css, font_folders
from lab.reports.schemas.leading_1 import content as leading_1
from lab.reports.schemas.leading_1 import printing as leading_1_printing
from lab.version import PRODUCT, VERSION

TEMPLATES = ROOT / "templates" / "reports"
# Those of documents already issued never change: what is new stands in the others, under classes of
# its own, so that a reprint looks as it did.
ISSUED_STYLE_SHEETS = ("gb9704.css", "leading.css", "paper.css", "leading_2.css", "whole.css")
STYLE_SHEETS = (*ISSUED_STYLE_SHEETS, "gathered.css", "slips.css")
WHOLE = "whole"  # the class of documents whose short tables and seals stay whole on a page
GATHERED = "gathered"  # of those whose short opinions and names, too, are kept together
TEMPLATE_OF: Mapping[str, str] = {
    leading_content.SECOND_SCHEMA: "leading_2.html",
    leading_content.SCHEMA: "leading_2.html",
    leading_1.SCHEMA: leading_1_printing.TEMPLATE,
    proposal_copy.FIRST_PROPOSAL_SCHEMA: "proposal.html",
    proposal_copy.SECOND_PROPOSAL_SCHEMA: "proposal.html",
    proposal_copy.THIRD_PROPOSAL_SCHEMA: "proposal.html",
    proposal_copy.PROPOSAL_SCHEMA: "proposal.html",
    proposal_copy.FIRST_REVIEW_SCHEMA: "review.html",
    proposal_copy.SECOND_REVIEW_SCHEMA: "review.html",
    proposal_copy.REVIEW_SCHEMA: "review.html",
    proposal_copy.RECEIPT_SCHEMA: "receipt.html",
    slips_content.SCHEMA: "slips.html",
}
LAYOUT_OF: Mapping[str, str] = {
    leading_content.SCHEMA: WHOLE,
    proposal_copy.THIRD_PROPOSAL_SCHEMA: WHOLE,
    proposal_copy.PROPOSAL_SCHEMA: f"{WHOLE} {GATHERED}",
    proposal_copy.SECOND_REVIEW_SCHEMA: WHOLE,
    proposal_copy.REVIEW_SCHEMA: f"{WHOLE} {GATHERED}",
}
CHART_SIZE = (590, 210)  # CSS pixels: the text block is 156 mm wide


def render_html(plain: Mapping[str, Any]) -> str:
    """Render a snapshot as HTML; its schema selects the template.

    Raises ValueError when the snapshot is malformed or of an unknown schema, charts.ChartFailed
    when the chart cannot be drawn.
    """
    schema = plain.get("schema", "")
    if schema not in TEMPLATE_OF:
        raise ValueError(f"no template for the schema {schema!r}")
    if schema == leading_1.SCHEMA:
        return leading_1_printing.html(plain, _environment())
    template = _environment().get_template(TEMPLATE_OF[schema])
    if schema == slips_content.SCHEMA:
        return template.render(sheet=slips_content.from_plain(plain), words=wording)
    layout = LAYOUT_OF.get(schema, "")
    if schema not in (leading_content.SECOND_SCHEMA, leading_content.SCHEMA):
        document = proposal_copy.from_plain(plain)
        return template.render(document=document, layout=layout, words=wording, qr=qr.qr_data_url)
    report = leading_content.from_plain(plain)
    return template.render(
        report=report,
        layout=layout,
        words=wording,
        cells=cells,
        short=short,
        chart=_chart(report),
        qr=qr.qr_data_url,
    )


def write_pdf(html: str, *, folders: tuple[Path, ...] | None = None) -> bytes:
    """Return the PDF of a snapshot's HTML: tagged (PDF/UA-1), with embedded font subsets.

    `folders` are searched for typefaces. Raises fetcher.AddressRejected when the HTML requests
    anything but data: addresses, so that no incomplete page is delivered.
    """
    layout, fetcher = _layout(folders or font_folders()), RestrictedFetcher()
    try:
        with _no_cycle_collector():
            pdf = HTML(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=layout.style_sheets,
                font_config=layout.fonts,
                pdf_variant="pdf/ua-1",
                pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            )
    except FatalURLFetchingError as error:
        raise AddressRejected(str(error)[:500]) from error
    if fetcher.rejected:
        raise AddressRejected(fetcher.rejected[0][:500])
    return bytes(pdf)


@dataclass(frozen=True)
class _Layout:
    fonts: FontConfiguration
    style_sheets: tuple[CSS, ...]


@cache
def _layout(folders: tuple[Path, ...]) -> _Layout:
    """Load fonts and style sheets once per process (rendering a report does not change them)."""
    fonts = find_fonts(folders)
    fetcher, configuration = RestrictedFetcher(font.path for font in fonts), FontConfiguration()
    style_sheets = tuple(
        CSS(string=css, font_config=configuration, url_fetcher=fetcher)
        for css in (font_css(fonts), *_style_sheets())
    )
    return _Layout(configuration, style_sheets)


# The fonts lie in a temporary folder that goes with the configuration.
atexit.register(_layout.cache_clear)


def preload(folders: tuple[Path, ...] | None = None) -> None:
    """Preload templates, fonts and style sheets, so that the first report is not slower."""
    for name in TEMPLATE_OF.values():
        _environment().get_template(name)
    _layout(folders or font_folders())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["generator"] = f"{PRODUCT} {VERSION}"
    return environment


@cache
def _style_sheets() -> tuple[str, ...]:
    return tuple((TEMPLATES / name).read_text(encoding="utf-8") for name in STYLE_SHEETS)


def _chart(report: LeadingReport) -> dict[str, str | None] | None:
    trend = report.trend
    if trend is None or trend.empty:
        return None
    drawn = charts.render_svg(charts.trend_option(trend), *CHART_SIZE)
    return {
        "url": charts.data_url(drawn),
        "text": charts.describe_chart(trend),
        "note": charts.carried_note(trend),
    }


@contextmanager
def _no_cycle_collector() -> Iterator[None]:
    """Disable the cycle collector during layout.

    Layout creates millions of short-lived objects, and collecting cycles costs a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
