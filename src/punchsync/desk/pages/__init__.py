"""The pages, a noun a module: each has a `room` with its ways, and is found by being here."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from punchsync.desk.room import Room


@cache
def rooms() -> tuple[Room, ...]:
    """The rooms of all modules of this package, by the modules' names."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.room for module in modules if hasattr(module, "room"))
