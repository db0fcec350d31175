"""Which days a changed record is about: to know which months must be judged anew."""

from __future__ import annotations

from punchsync.core.about import Body, Days, about


def touched(kind: str, old: Body | None, new: Body) -> Days:
    """The first and the last day that the old and the new body of a record are about, both included."""
    spans = [about(kind, body) for body in (old, new) if body is not None]
    return min(first for first, _last in spans), max(last for _first, last in spans)
