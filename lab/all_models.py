"""Import every table, so that migrations, tests and relationships find all of them."""

from lab.audit import models as audit
from lab.calls.models import call as calls
from lab.calls.models import notice as notices
from lab.db import tallies
from lab.decisions import models as decisions
from lab.editing import models as editing
from lab.enrolment import models as enrolment
from lab.files import models as files
from lab.handover import models as handover
from lab.identity.models import account as identity
from lab.identity.models import addresses, resets, slips
from lab.importing import models as importing
from lab.inbox.models import letters
from lab.inbox.models import notices as inbox
from lab.indicators import models as indicators
from lab.jobs import models as jobs
from lab.nodes import models as nodes
from lab.numbering import sequences
from lab.portfolio.models import project as portfolio
from lab.posts import models as posts
from lab.proposals.models import check_drafts as checks
from lab.proposals.models import drafts, imports, joint, search
from lab.proposals.models import late_codes as late
from lab.proposals.models import proposal as proposals
from lab.proposals.models import reminders as office
from lab.releases import models as releases
from lab.reports import models as reports
from lab.reviews import models as reviews
from lab.scenarios import models as scenarios
from lab.workdays import models as workdays

ALL = (
    addresses,
    audit,
    calls,
    checks,
    decisions,
    drafts,
    editing,
    enrolment,
    files,
    handover,
    identity,
    importing,
    imports,
    inbox,
    indicators,
    jobs,
    joint,
    late,
    letters,
    nodes,
    notices,
    office,
    portfolio,
    posts,
    proposals,
    releases,
    reports,
    resets,
    reviews,
    scenarios,
    search,
    sequences,
    slips,
    tallies,
    workdays,
)
