"""What a feature brings to the portal, and the one registry in which all of it is looked up."""

from lab.feature.contributions import (
    AuditLabels,
    JobKind,
    Link,
    MinuteTask,
    NavItem,
    Todo,
    TodoSource,
)
from lab.feature.extension_point import Extension, ExtensionPoint, single
from lab.feature.registry import DuplicateRegistration, Feature, Registry, bind, registry

__all__ = [
    "AuditLabels",
    "DuplicateRegistration",
    "Extension",
    "ExtensionPoint",
    "Feature",
    "JobKind",
    "Link",
    "MinuteTask",
    "NavItem",
    "Registry",
    "Todo",
    "TodoSource",
    "bind",
    "registry",
    "single",
]
