"""The one catalogue of what users read: Chinese is the source of texts, English stands beside it.

`_("…")` marks and translates; `PUNCHSYNC_LANG` chooses (`zh`, `en`; default Chinese).
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

DOMAIN = "punchsync"
LOCALES = Path(__file__).with_name("locale")


def language() -> str:
    """`en` where `PUNCHSYNC_LANG` starts so, else `zh`."""
    return "en" if os.environ.get("PUNCHSYNC_LANG", "").lower().startswith("en") else "zh"


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [chosen], fallback=True)


def _(text: str) -> str:
    """A text in the reader's language; Chinese where there is no translation."""
    return _catalogue(language()).gettext(text) if text else text
