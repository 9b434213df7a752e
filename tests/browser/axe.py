"""What axe-core finds serious on a page."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page

from lab.filesystem import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Rules of the tags below that find nothing serious: what they say would be thrown away.
MODERATE = """
  form-field-multiple-labels heading-order html-xml-lang-mismatch landmark-banner-is-top-level
  landmark-contentinfo-is-top-level landmark-main-is-top-level landmark-no-duplicate-banner
  landmark-no-duplicate-contentinfo landmark-no-duplicate-main landmark-one-main landmark-unique
  meta-viewport no-autoplay-audio page-has-heading-one region scope-attr-valid skip-link
  aria-allowed-role aria-deprecated-role empty-heading empty-table-header focus-order-semantics
  hidden-content image-redundant-alt meta-viewport-large presentation-role-conflict
  server-side-image-map table-duplicate-name
"""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {rule: {"enabled": False} for rule in MODERATE.split()},
    "resultTypes": ["violations"],  # what passes is not written down for every element
}
JUDGE = """async ([rules, known]) => {
  const found = await axe.run(known.length ? { exclude: known } : document, rules);
  return found.violations
    .filter(item => ['serious', 'critical'].includes(item.impact))
    .map(item => item.id + ': ' + item.nodes.map(node => node.target.join(' ')).join(' | '));
}"""


def barriers(page: Page, known: Sequence[str] = ()) -> list[str]:
    """What is serious on the page as it stands, but for the parts `known` already.

    Where the page did not start with axe-core, it is loaded past the security policy.
    """
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong: list[str] = page.evaluate(JUDGE, [RULES, known])
    return wrong
