"""Reading the terminals of the settings over the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from pathlib import Path

from punchsync.core.moment import Moment, to_day
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.records import FIRST_DAY, LAST_DAY, Terminal
from punchsync.operations.ports import Clock
from punchsync.problems import Complaint, Refused
from punchsync.settings import FILE, secret
from punchsync.settings.parts import TerminalPart
from punchsync.texts import _

DEADLINE = 60.0


KEY_LIMIT = 2**32


class Reader:
    """Reads the site's terminals; the client library is loaded with the first read.

    `real` is this machine's clock, whatever moment `clock` stands for. Not `patient`: nothing is waited for between
    attempts.
    """

    def __init__(
        self, site: Path, terminals: Iterable[TerminalPart], clock: Clock, real: Clock, *, patient: bool = True
    ) -> None:
        self._site, self._clock, self._real, self._patient = site, clock, real, patient
        self._terminals = {t.id: t for t in terminals if t.host}
        self._heard: Callable[[int, int], None] = lambda had, records: None

    def heard_by(self, heard: Callable[[int, int], None]) -> Reader:
        """The same, telling how many records of how many came so far; for who reads one terminal."""
        other = copy(self)
        other._heard = heard
        return other

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What is new at a terminal of which so much is known, or why it could not be had."""
        from punchsync.terminals import PAUSES, Address, NetworkReader

        part = self._terminals[terminal]
        try:
            key = comm_key(self._site, part)
        except Refused as refused:
            return ReadFailure(terminal, "wrong_key", str(refused))
        address = Address(
            part.host or "", part.port, key, DEADLINE, part.checks,
            transport=part.transport, plan=part.plan, layout=part.layout,
            # A clock that stands at some moment is none to set another by.
            set_clock=part.set_clock if kept and self._clock is self._real else None,
        )  # fmt: skip
        pauses = PAUSES if self._patient else (0.0,) * len(PAUSES)
        reader = NetworkReader({terminal: address}, self._clock, lambda _id: memory, self._latest, pauses, self._heard)
        return reader.read(terminal, full=full, replaced=replaced)

    def _latest(self) -> Moment:
        return max(self._clock.now(), self._real.now())


def comm_key(site: Path, part: TerminalPart) -> int:
    """A terminal's comm key, 0 for none; raises Refused if it can't be had or is no number."""
    if part.comm_key is None:
        return 0
    text = secret(site, part.comm_key)
    if not text.isascii() or not text.isdigit() or int(text) >= KEY_LIMIT:
        raise Refused([Complaint(FILE, part.comm_key, _("凭据的内容不是数字"), _("考勤机通信密码，0 到 4294967295"))])
    return int(text)


def terminal(part: TerminalPart) -> Terminal:
    """A terminal of the settings as the judge knows it."""
    return Terminal(
        part.id,
        frozenset(part.windows or ()),
        to_day(part.first) if part.first else FIRST_DAY,
        to_day(part.last) if part.last else LAST_DAY,
        part.host is not None,
        part.max_correction,
    )
