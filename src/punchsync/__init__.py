"""punchsync: the attendance daemon for Chinese government service halls.

It reads fingerprint terminals, judges punches by the hall's own written rules and books deductions in a ledger that
is never edited. The rooms of this package and who may see whom are drawn in `docs/architecture.md`.
"""

__version__ = "0.1.0"
