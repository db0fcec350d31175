"""Gives back what the work of a job took: a service stands still for most of the day, and runs for months."""

from __future__ import annotations

import ctypes
import gc


def tidy() -> None:
    """Collect garbage, and let the C library return what is free to the system, where it can (glibc's malloc_trim).

    The collector is set to look so rarely that months of what jobs left behind would be kept; and of the pages that
    databases and rows took at a job's height, some in use keep many free ones from going back by themselves.
    """
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return  # another C library
