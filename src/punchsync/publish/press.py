"""Makes the forms of an order: pictures first, then one form after the other."""

from __future__ import annotations

from punchsync.publish.forms import make
from punchsync.publish.order import Order


def press(order: Order) -> dict[str, bytes]:
    """The files of an order by their forms."""
    return {form: make(form, order, {}) for form in order.forms}
