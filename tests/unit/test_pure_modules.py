"""No module that decides without web and database drops out of the contract that holds it so."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec

import pytest

from lab.filesystem import ROOT

CONTRACT = "Rules know neither the web nor the database"
PURE = (
    "lab.accounts.rules.wording",
    "lab.amounts",
    "lab.audit.rules.chain",
    "lab.audit.rules.heads",
    "lab.audit.rules.heads_check",
    "lab.backup.rules.manifest",
    "lab.backup.rules.schedule",
    "lab.calls.rules.check_items",
    "lab.calls.rules.eligibility",
    "lab.calls.rules.freezing",
    "lab.calls.rules.late_codes",
    "lab.calls.rules.lifecycle",
    "lab.calls.rules.round_rules",
    "lab.calls.rules.rubric",
    "lab.calls.rules.timing",
    "lab.canonical",
    "lab.catalogue.indicators",
    "lab.clock",
    "lab.decisions.rules.lifecycle",
    "lab.decisions.rules.selection",
    "lab.feature.contributions",
    "lab.files.inspection.active",
    "lab.files.inspection.archives",
    "lab.files.inspection.examiner",
    "lab.files.inspection.kinds",
    "lab.files.inspection.office.parts",
    "lab.files.inspection.pdf_actions",
    "lab.files.inspection.pdfs",
    "lab.files.inspection.pictures",
    "lab.files.rules.date_formats",
    "lab.files.rules.format_tokens",
    "lab.files.rules.lifecycle",
    "lab.files.rules.lossy_texts",
    "lab.files.rules.number_formats",
    "lab.files.rules.number_formats_builtin",
    "lab.files.rules.sheet",
    "lab.filesystem",
    "lab.identity.rules.addresses",
    "lab.identity.rules.mail_kinds",
    "lab.identity.rules.passwords",
    "lab.identity.rules.privileges",
    "lab.identity.rules.throttle",
    "lab.inbox.rules.account_mail_wording",
    "lab.inbox.rules.backoff",
    "lab.inbox.rules.letter_wording",
    "lab.inbox.rules.lifecycle",
    "lab.inbox.rules.mail_lifecycle",
    "lab.inbox.rules.mail_message",
    "lab.importing.rules.findings",
    "lab.importing.rules.names",
    "lab.importing.rules.worksheets",
    "lab.indicators.rules.amounts",
    "lab.indicators.rules.findings",
    "lab.indicators.rules.lifecycle",
    "lab.indicators.rules.months",
    "lab.indicators.rules.reporting_window",
    "lab.indicators.rules.totals",
    "lab.indicators.rules.validation",
    "lab.nodes.rules",
    "lab.numbering.formats",
    "lab.policy",
    "lab.portfolio.rules.actions",
    "lab.portfolio.rules.lifecycle",
    "lab.portfolio.rules.prorated_target",
    "lab.portfolio.rules.status_light",
    "lab.proposals.audit_labels",
    "lab.proposals.rules.screening.check_facts",
    "lab.proposals.rules.screening.checklist",
    "lab.proposals.rules.completeness",
    "lab.proposals.rules.joint.confirmation",
    "lab.proposals.rules.joint.lifecycle",
    "lab.proposals.rules.corrections",
    "lab.proposals.rules.form.description",
    "lab.proposals.rules.form.fields",
    "lab.proposals.rules.form.schema",
    "lab.proposals.rules.bulk_import.lifecycle",
    "lab.proposals.rules.bulk_import.parsing",
    "lab.proposals.rules.lifecycle",
    "lab.proposals.rules.matching",
    "lab.proposals.rules.overview",
    "lab.proposals.rules.progress",
    "lab.proposals.rules.similarity",
    "lab.proposals.rules.stages",
    "lab.proposals.rules.withdrawal",
    "lab.catalogue.provenance",
    "lab.releases.rules.lifecycle",
    "lab.reports.content.decode",
    "lab.reports.content.leading",
    "lab.reports.content.wording",
    "lab.reports.graphics.charts",
    "lab.reports.rules.lifecycle",
    "lab.reports.schemas.leading_1.content",
    "lab.reports.schemas.leading_1.trend",
    "lab.reports.schemas.leading_1.wording",
    "lab.reviews.rules.lifecycle",
    "lab.reviews.rules.pledge",
    "lab.reviews.rules.pseudonyms",
    "lab.reviews.rules.ranking_table",
    "lab.reviews.rules.recusal",
    "lab.reviews.scoring.api",
    "lab.reviews.scoring.arithmetic",
    "lab.reviews.scoring.completeness",
    "lab.reviews.scoring.explanation",
    "lab.reviews.scoring.inputs",
    "lab.reviews.scoring.official",
    "lab.reviews.scoring.ranking",
    "lab.scenarios.rules.funnel",
    "lab.text_diff",
    "lab.web.request.safe_paths",
    "lab.web.spreadsheets.cells",
    "lab.web.typed.dates",
    "lab.web.typed.numbers",
    "lab.web.typed.pasted",
    "lab.web.typed.text",
    "lab.web.typed.units",
    "lab.workdays.rules",
    "lab.workflow",
)


def sources() -> list[str]:
    """The patterns of the contract; each speaks for a module and all below it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(c["source_modules"] for c in contracts if c["name"] == CONTRACT)


def covered(module: str) -> bool:
    patterns = (re.escape(source).replace(r"\*", r"[^.]+") for source in sources())
    return any(re.fullmatch(rf"{pattern}(\..+)?", module) for pattern in patterns)


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_stays_under_the_contract(module: str) -> None:
    assert find_spec(module) is not None
    assert covered(module)


def test_a_module_with_queries_is_not_taken_for_pure() -> None:
    assert not covered("lab.calls.pages.queries")
