"""Makes click itself speak the reader's language: its words stand in the catalogue `click` beside ours."""

from __future__ import annotations

import gettext
import os

from punchsync.texts import LOCALES, language


def speak() -> None:
    """Point click's own messages at our catalogue; called before any command is built."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("click", str(LOCALES))
    gettext.textdomain("click")
