"""How a feature asks those above it without importing them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from flask import current_app

T = TypeVar("T")
REGISTRY = "features"  # of `app.extensions`


@dataclass(frozen=True, eq=False)
class ExtensionPoint(Generic[T]):
    """What a feature leaves to those above it: parts of its pages, figures that it does not have.

    The feature below declares the point and reads `extensions()`; the one above names what it has
    in `Feature.extensions`. Where `key` is given, two extensions with the same key are refused.
    """

    name: str
    key: Callable[[T], Hashable] | None = None

    def extended_by(self, part: T) -> Extension:
        """Return what a feature above writes into its `Feature.extensions`."""
        return Extension(self, part)

    def extensions(self) -> tuple[T, ...]:
        """Return what the features of the present app bring to this point, in their order."""
        return cast("tuple[T, ...]", current_app.extensions[REGISTRY].extensions_of(self))


def single(_part: Any) -> Hashable:
    """Return the key of a point that takes one extension only."""
    return None


@dataclass(frozen=True)
class Extension:
    """What one feature brings to an extension point of another."""

    point: ExtensionPoint[Any]
    part: Any
