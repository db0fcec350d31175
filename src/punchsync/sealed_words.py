"""That something asks for days whose raw data were erased."""

from __future__ import annotations

from punchsync.core.checkpoint import Sealed
from punchsync.core.moment import show_day
from punchsync.texts import _


def sealed_words(sealed: Sealed) -> str:
    """That days are sealed, and from when on they are not."""
    return _(
        "{day} 及以前的原始打卡、记录或通报已按保留期限清除（检查点 {n}），那些日子已封存，"
        "不能再核算、试算、申诉、重新开账或重出通报；应在 {next} 或以后"
    ).format(day=show_day(sealed.through), n=sealed.checkpoint, next=show_day(sealed.through + 1))
