"""Imports every table, so that migrations, tests and relationships know all of them."""

from lab import sequences
from lab.audit import models as audit
from lab.calls import models as calls
from lab.decisions import models as decisions
from lab.files import models as files
from lab.identity import models as identity
from lab.inbox import models as inbox
from lab.indicators import models as indicators
from lab.jobs import models as jobs
from lab.portfolio import models as portfolio
from lab.proposals import models as proposals
from lab.proposals import models_drafts as drafts
from lab.proposals import models_import as imports
from lab.reports import models as reports
from lab.reviews import models as reviews
from lab.scenarios import models as scenarios

ALL = (
    audit,
    calls,
    decisions,
    drafts,
    files,
    identity,
    imports,
    inbox,
    indicators,
    jobs,
    portfolio,
    proposals,
    reports,
    reviews,
    scenarios,
    sequences,
)
