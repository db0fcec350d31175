"""What a month says of a subject under a rule of the pack, as a number that adds up over the months of a period."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Fact(NamedTuple):
    """How often, how many points or how long a run a rule found of a subject in a month; only those above zero."""

    month: str
    rule: str  # the id of the pack's rule; of an item's step see `of_step`
    subject_type: str  # person, window
    subject_id: str
    value: Decimal


def of_step(item: str, outcome: str) -> str:
    """What a fact has for its rule where a step of an item proposes an outcome; steps of one item may differ in it."""
    return f"{item}:{outcome}"
