"""What the indicators bring: pages, and what the portfolio reads of targets and reports."""

from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, Link, NavItem
from lab.indicators import blueprint
from lab.indicators.approval import views as approval_views
from lab.indicators.audit_labels import AUDIT_LABELS
from lab.indicators.entry import views as entry_views
from lab.indicators.entry import views_narrative
from lab.indicators.figures import indicator_panel, target_progress
from lab.indicators.figures import views as figures_views
from lab.indicators.locking import views as locking_views
from lab.indicators.todos import TODOS
from lab.portfolio.core import extension_points

FEATURE = Feature(
    "indicators",
    blueprints=(blueprint.bp,),
    pages=(figures_views, approval_views, entry_views, locking_views, views_narrative),
    navigation=(NavItem("指标数据", "指标汇总", "indicators.index", "indicator.view", 500),),
    links={
        "Project.indicator_check": Link("indicators.check"),
        "Project.indicators": Link("indicators.history_page"),
        "Project.narrative": Link("indicators.narrative", part="period"),
    },
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    extensions=(
        SHARED_FORMS.extended_by(SharedForm("indicators.save_month")),
        SHARED_FORMS.extended_by(SharedForm("indicators.save_narrative")),
        extension_points.TARGET_PROGRESS.extended_by(target_progress.target_progress),
        extension_points.REPORTS.extended_by(target_progress.report_states),
        extension_points.PANELS.extended_by(indicator_panel.indicator_panel),
        extension_points.ATTENTION.extended_by(indicator_panel.indicator_attention),
    ),
)
