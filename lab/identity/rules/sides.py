"""The two sides that units belong to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SIDE_NAMES: Mapping[str, str] = MappingProxyType({"post": "邮政", "bank": "银行"})
