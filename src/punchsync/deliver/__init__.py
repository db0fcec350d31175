"""Scoring stores: an HTTP receiver or a table of any SQL database, behind one protocol of `operations.ports`.

Each takes a batch of ledger entries and says what came of it, and can be read back. What is sent when, and what follows
from an answer, is decided in `core.outbox` and done by `operations.deliver`. Not here: the outbox, which is in our own
store, and any knowledge of attendance.
"""

from __future__ import annotations

from punchsync.deliver.target import name_of

__all__ = ["name_of"]
