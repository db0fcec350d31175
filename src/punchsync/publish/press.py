"""Makes the forms of an order: pictures first, then one form after the other; what fails stops nothing else.

Run as a process of its own (`python -m punchsync.publish.press`), it reads the order from stdin as JSON and answers on
stdout (`pressed`): matplotlib and typst are large, and whatever they do to a process, it is not the daemon's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Final, TypeVar

from punchsync.problems import Refused
from punchsync.publish import leash
from punchsync.publish.document import figures
from punchsync.publish.fonts import NoFont, find
from punchsync.publish.forms import FORMS, LIGHT, make
from punchsync.publish.level import at_level
from punchsync.publish.order import Order, Pictures, read
from punchsync.publish.pressed import Pressed, pack

T = TypeVar("T")
MANY: Final = 200
"""Characters of a reason, at most."""


def press(order: Order) -> Pressed:
    """The files of an order; a form that can't be made is left out with its reason, a figure too (its text stays)."""
    failed: dict[str, str] = {}
    undrawn: dict[str, str] = {}
    shown = any(FORMS[form].pictures for form in order.forms if form in FORMS)
    pictures = _pictures(order, undrawn) if shown else {}
    files: dict[str, bytes] = {}
    for n, form in enumerate(order.forms):
        mine = order if not order.levels else order._replace(document=at_level(order.document, order.levels[n]))
        file = _try(form, failed, partial(make, form, mine, pictures))
        if file is not None:
            files[form] = file
        if form not in LIGHT:
            leash.give_back()
    return Pressed(files, failed, undrawn)


def main() -> None:
    """The press's process: an order on stdin, its files on stdout, which is kept from what libraries print."""
    leash.hold(int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid())
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.chdir(tempfile.gettempdir())  # matplotlib takes settings from a file in the working folder
    warnings.simplefilter("ignore")
    order = read(sys.stdin.buffer.read().decode())
    os.environ["PUNCHSYNC_LANG"] = order.language
    with answer:
        answer.write(pack(press(order)))


def _pictures(order: Order, undrawn: dict[str, str]) -> Pictures:
    wanted = figures(order.document)
    if not wanted:
        return {}
    try:
        from punchsync.publish.pictures import draw

        fonts = find(order.fonts)
    except (NoFont, ImportError) as error:
        undrawn.update({figure.id: _reason(error) for figure in wanted})
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a character that no font has is one
        drawn = {figure.id: _try(figure.id, undrawn, partial(draw, figure, fonts)) for figure in wanted}
    return {id_: picture for id_, picture in drawn.items() if picture is not None}


def _try(name: str, failed: dict[str, str], act: Callable[[], T]) -> T | None:
    try:
        return act()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of typst is no Exception
        failed[name] = _reason(error)
    return None


def _reason(error: BaseException) -> str:
    """What went wrong, in a line that may be logged: of errors that could quote the document, only where they arose."""
    if isinstance(error, NoFont | Refused | OSError | MemoryError | ImportError):
        said = str(error) or type(error).__name__
    else:
        place = extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} ({Path(place.filename).name}:{place.lineno})"
    return " ".join(said.split())[:MANY]


if __name__ == "__main__":
    main()
