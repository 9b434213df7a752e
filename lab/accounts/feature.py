"""What the accounts bring: pages, commands, the actions that go by release."""

from lab.accounts import actions, commands, views, views_roles
from lab.accounts.audit_labels import AUDIT_LABELS
from lab.feature import Feature
from lab.releases import registry as releases

FEATURE = Feature(
    "accounts",
    blueprints=(views.bp,),
    audit_labels=AUDIT_LABELS,
    pages=(views_roles, commands),  # these hang on the group of the releases
    extensions=tuple(releases.ACTIONS.extended_by(action) for action in actions.ACTIONS),
)
