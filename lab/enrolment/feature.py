"""What bulk enrolment brings: its pages, the dry run, the to-do of security administrators."""

from lab.enrolment.audit_labels import AUDIT_LABELS
from lab.enrolment.bulk_import import own_workbook, service_check
from lab.enrolment.bulk_import import views as bulk_import_views
from lab.enrolment.role_requests import views as role_requests_views
from lab.enrolment.slips import views as slips_views
from lab.enrolment.todos import TODOS
from lab.feature import Feature, Link, NavItem
from lab.importing.targets import TARGETS

FEATURE = Feature(
    "enrolment",
    blueprints=(bulk_import_views.bp, slips_views.bp, role_requests_views.bp),
    navigation=(
        NavItem("系统管理", "批量建立账号", "people_imports.index", "people.import", 902),
        NavItem("系统管理", "启用单", "slips.index", "people.slips", 904),
        NavItem("系统管理", "角色申请", "role_requests.index", "role_request.list", 906),
    ),
    links={
        "PeopleImport": Link("people_imports.show"),
        "RoleRequest": Link("role_requests.index", key=""),
    },
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    jobs=(service_check.KIND.job_kind(),),
    extensions=tuple(TARGETS.extended_by(target) for target in own_workbook.targets()),
)
