"""Puts a hall together: the only place that knows every concrete class, and the only one that asks what time it is."""

from punchsync.bootstrap.site import Site as Site
from punchsync.bootstrap.site import opened as opened
