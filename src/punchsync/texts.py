"""The one catalogue of what users read: Chinese is the source of texts, English stands beside it.

`_("…")` marks and translates; `PUNCHSYNC_LANG` chooses (`zh`, `en`; default Chinese).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import ParamSpec

P = ParamSpec("P")

DOMAIN = "punchsync"
LOCALES = Path(__file__).with_name("locale")


def language() -> str:
    """`en` where `PUNCHSYNC_LANG` starts so, else `zh`."""
    return "en" if os.environ.get("PUNCHSYNC_LANG", "").lower().startswith("en") else "zh"


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [chosen], fallback=True)


@lru_cache(maxsize=8192)
def _translated(chosen: str, text: str) -> str:
    return _catalogue(chosen).gettext(text)


def _(text: str) -> str:
    """A text in the reader's language; Chinese where there is no translation."""
    return _translated(language(), text) if text else text


def spoken(words: Callable[P, str]) -> Callable[P, str]:
    """Remembers what a function says of its arguments, in each language: a table of words is not made for each cell."""

    @lru_cache(maxsize=4096)
    def said(_language: str, args: tuple[object, ...], kwargs: tuple[tuple[str, object], ...]) -> str:
        return words(*args, **dict(kwargs))  # type: ignore[arg-type] # as they came

    @wraps(words)
    def say(*args: P.args, **kwargs: P.kwargs) -> str:
        return said(language(), args, tuple(kwargs.items()))

    return say
