"""What the pages of appeals share: which a user sees, in which words one is refused, and files that come with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync import appeal_words
from punchsync.core.appeal import LARGEST, LARGEST_TOGETHER, MIB, MOST, Appeal
from punchsync.core.violations import Violation
from punchsync.desk.ask import Ask, Missing, Upload
from punchsync.operations.appeals import Objection
from punchsync.texts import _
from punchsync.words import kind

ACCEPTS_LATE: Final = frozenset({"clerk", "inspector", "leader"})
"""Roles that may take an appeal after its term, saying why."""


def seen(ask: Ask, about: Appeal | Violation) -> bool:
    """Whether a user sees an appeal or a violation: by the person, or by the window that has none."""
    return ask.reach.person(about.person) if about.person else ask.reach.window(about.window)


def number_in(ask: Ask, name: str) -> int:
    """A number in the address; raises Missing for what is none."""
    text = ask.path(name)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Missing(text)
    return int(text)


def violation(ask: Ask, id: str) -> Violation:
    """A standing violation within reach, noted for the audit; raises Missing."""
    ask.about["violation"] = id
    with ask.hall.store.reading() as work:
        found = work.months.violation(id)
    if found is None or not seen(ask, found):
        raise Missing(id)
    if found.person:
        ask.about["person"] = found.person
    return found


def refused(why: Objection) -> str:
    """Why an appeal can't be filed or decided so, and what to do."""
    values = dict(why.found)
    if why.code == "as_kind":
        values["now"], values["kind"] = kind(str(values["now"])), kind(str(values["kind"]))
    texts = {
        "unsettled": _("还没有核算过，没有违规可申诉。"),
        "unknown": _("这条违规已经不在了；请刷新后再看。"),
        "role": _("窗口「{window}」的违规不记个人，只能由单位申诉。"),
        "before": _("申诉时间 {at} 早于 {since}。"),
        "late": _("申诉期限已过，末日是 {last}；确有原因的，请找经办写明理由后受理。"),
        "future": _("服务器的时间不对，请找管理员。"),
        "no_appeal": _("没有编号 {number} 的申诉。"),
        "early": _("决定时间 {at} 早于申诉时间 {filed}；请找管理员核对服务器时间。"),
        "gone": _("这条违规现在已经不存在，只能记已无标的。"),
        "stands": _("这条违规仍然存在，应为维持、免责或改判。"),
        "due": _("这条违规所依据的记录变了，正在重新核算；等核算完再决定。"),
        "as_kind": _("改判应为另一种类别，现在是 {now}。"),
    }
    return appeal_words.objection(why.code, why.found) or texts[why.code].format(**values)


def SEALED() -> str:
    """That nothing comes of an appeal any more."""
    return _("这一天已经封存，不再核算，不能申诉，也不能决定。")


def evidence(files: Sequence[Upload]) -> tuple[list[tuple[str, bytes]], str]:
    """Names without paths and bytes of the files that came, or what is wrong with them."""
    taken = [(name_of(f.name), f.data) for f in files if f.name or f.data]
    empty = next((name for name, data in taken if not data), "")
    large = next((name for name, data in taken if len(data) > LARGEST), "")
    if len(taken) > MOST:
        return [], _("证据有 {n} 件；应不超过 {most} 件。").format(n=len(taken), most=MOST)
    if empty:
        return [], _("证据 {name} 是空的；请核对是不是这个文件。").format(name=empty)
    if large:
        return [], _("证据 {name} 太大；每件应不超过 {n} MiB。").format(name=large, n=LARGEST // MIB)
    if sum(len(data) for _name, data in taken) > LARGEST_TOGETHER:
        return [], _("证据合计太大；应不超过 {n} MiB。").format(n=LARGEST_TOGETHER // MIB)
    return taken, ""


def name_of(name: str) -> str:
    """A file's name as it is kept: what can be printed of its last part, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip(" .")[:120] or "file"
