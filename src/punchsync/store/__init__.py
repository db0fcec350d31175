"""The store: a hall's records, readings, punches, results and ledger in one SQL database.

Every public class is bound to a transaction and a hall; `SqlStore` hands them out together as one unit of work. What
was written down (records, punches, entries, packs, bulletins, decisions, closings) is only ever added to, and the
database itself refuses anything else; what was concluded (verdicts, violations, scores) is replaced whole. Nothing here
judges.
"""

from punchsync.store.engine import UnknownDatabase
from punchsync.store.migrations import SchemaTooNew
from punchsync.store.postgresql import UnfitDatabase
from punchsync.store.store import SqlStore, SqlWork

__all__ = ["SchemaTooNew", "SqlStore", "SqlWork", "UnfitDatabase", "UnknownDatabase"]
