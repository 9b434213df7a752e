"""The object that a feature exports, and the registry of an app's features."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

import click
from blinker import Signal
from flask import Blueprint, Flask, current_app

from lab.feature.contributions import AuditLabels, JobKind, Link, MinuteTask, NavItem, TodoSource
from lab.feature.extension_point import REGISTRY, Extension, ExtensionPoint
from lab.feature.status import StatusCheck

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class DuplicateRegistration(Exception):
    """Two features, or one twice, bring the same thing: the app does not start."""


@dataclass(frozen=True)
class Feature:
    """Everything that a feature brings; its feature.py exports it as FEATURE.

    `pages` are modules whose import adds addresses to the blueprints; `links` say, by kind, which
    page shows what a notice is about. `receivers` are called for signals of features below.
    `extensions` answer what features below ask (`ExtensionPoint`).
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    pages: tuple[ModuleType, ...] = ()
    navigation: tuple[NavItem, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    todos: tuple[TodoSource, ...] = ()
    audit_labels: AuditLabels = field(default_factory=AuditLabels)
    jobs: tuple[JobKind, ...] = ()
    every_minute: tuple[MinuteTask, ...] = ()
    status_checks: tuple[StatusCheck, ...] = ()
    commands: tuple[click.Command, ...] = ()
    receivers: tuple[tuple[Signal, Callable[..., object]], ...] = ()
    extensions: tuple[Extension, ...] = ()
    template_globals: Mapping[str, Any] = field(default_factory=dict)
    template_filters: tuple[Callable[..., Any], ...] = ()
    context_processors: tuple[Callable[[], dict[str, Any]], ...] = ()
    error_handlers: Mapping[type[Exception], Callable[[Any], Any]] = field(default_factory=dict)


class Registry:
    """The features of an app, in their order, and what they bring together.

    It does not change: binding one more feature makes a new one. Raises DuplicateRegistration.
    """

    def __init__(self, features: Iterable[Feature] = ()) -> None:
        self.features = tuple(features)
        self._index("feature", lambda f: [(f.name, f)])
        self.navigation: tuple[NavItem, ...] = tuple(
            self._index("navigation to", lambda f: ((n.endpoint, n) for n in f.navigation)).values()
        )
        self.links = self._index("link to", lambda f: f.links.items())
        self.todos = tuple(source for f in self.features for source in f.todos)
        self.jobs = self._index("kind of job", lambda f: ((job.kind, job) for job in f.jobs))
        self.minute_tasks: tuple[MinuteTask, ...] = tuple(
            self._index("minute task", lambda f: ((t.name, t) for t in f.every_minute)).values()
        )
        self.status_checks: tuple[StatusCheck, ...] = tuple(
            self._index("status check", lambda f: ((c.key, c) for c in f.status_checks)).values()
        )
        self.audit_labels = AuditLabels(
            self._index("audited action", lambda f: f.audit_labels.actions.items()),
            self._index("audited object", lambda f: f.audit_labels.objects.items()),
            self._index("audited fact", lambda f: f.audit_labels.facts.items()),
            self._index("audited value", lambda f: f.audit_labels.values.items()),
            self._index("value of a fact", lambda f: f.audit_labels.values_of.items()),
            frozenset(fact for f in self.features for fact in f.audit_labels.moments),
        )
        self._index("template global", lambda f: f.template_globals.items())
        self._index("extension", _extension_keys)
        self._extensions: dict[ExtensionPoint[Any], tuple[Any, ...]] = {}
        for extension in (e for f in self.features for e in f.extensions):
            before = self._extensions.get(extension.point, ())
            self._extensions[extension.point] = (*before, extension.part)

    def extensions_of(self, point: ExtensionPoint[Any]) -> tuple[Any, ...]:
        """Return what the features bring to an extension point."""
        return self._extensions.get(point, ())

    def _index(self, what: str, pairs: Callable[[Feature], Iterable[tuple[K, V]]]) -> dict[K, V]:
        """What all features bring of a kind, by its key, which nobody may bring again."""
        owners: dict[K, str] = {}
        index: dict[K, V] = {}
        for feature in self.features:
            for key, value in pairs(feature):
                if key in owners:
                    both = f"by {owners[key]} and by {feature.name}"
                    raise DuplicateRegistration(f"{what} {key!r} is registered {both}")
                owners[key], index[key] = feature.name, value
        return index


def _extension_keys(feature: Feature) -> Iterable[tuple[tuple[str, Hashable], Extension]]:
    for extension in feature.extensions:
        if extension.point.key is not None:
            yield (extension.point.name, extension.point.key(extension.part)), extension


def bind(app: Flask, feature: Feature) -> None:
    """Add a feature to the app. Raises DuplicateRegistration, before anything is bound."""
    before: Registry = app.extensions.get(REGISTRY, Registry())
    app.extensions[REGISTRY] = Registry((*before.features, feature))
    for blueprint in feature.blueprints:
        app.register_blueprint(blueprint)
    for command in feature.commands:
        app.cli.add_command(command)
    for signal, receiver in feature.receivers:
        signal.connect(receiver)
    app.jinja_env.globals.update(feature.template_globals)
    for template_filter in feature.template_filters:
        app.add_template_filter(template_filter)
    for processor in feature.context_processors:
        app.context_processor(processor)
    for error, handler in feature.error_handlers.items():
        app.register_error_handler(error, handler)


def registry() -> Registry:
    """Return the features of the present app."""
    features: Registry = current_app.extensions[REGISTRY]
    return features
