"""Who owes the session of an A post that is wholly excused: the B post (bureau; 区综合行政服务大厅 第二条)."""

from __future__ import annotations

from collections import defaultdict

from punchsync.core.excuse import Excuses, pieces
from punchsync.core.intervals import Interval, touches
from punchsync.core.moment import Day
from punchsync.core.records import Posting
from punchsync.core.timetable import Session, Timetables


class Backups:
    """Sessions that B posts owe because the only A post of a window is wholly excused from them.

    The first B by person id who is posted, not rostered off, not on leave in any part of the
    session and without a session of his own touching it.
    """

    def __init__(self, timetables: Timetables, excuses: Excuses, shortest: int) -> None:
        self._timetables = timetables
        self._excuses = excuses
        self._shortest = shortest
        self._owed: dict[Day, dict[str, list[Interval]]] = {}

    def owed(self, day: Day) -> dict[str, list[Interval]]:
        """The sessions that people owe for others on a day, by person."""
        found = self._owed.get(day)
        if found is None:
            found = self._owed[day] = self._work_out(day)
        return found

    def _work_out(self, day: Day) -> dict[str, list[Interval]]:
        posted = self._timetables.posted(day)
        firsts: dict[str, list[Posting]] = defaultdict(list)
        for p in posted:
            if not p.backup_for:
                firsts[p.window].append(p)
        out: dict[str, list[Interval]] = defaultdict(list)
        for _window, people in sorted(firsts.items()):
            if len(people) != 1:
                continue
            first = people[0]
            plan = self._timetables.of_posting(first, day)
            excused = self._excuses.excused(first.person)
            for session in plan.sessions if plan else ():
                if pieces((session.start, session.end), excused, self._shortest)[0]:
                    continue
                for other in posted:
                    if first.person in other.backup_for and self._free(other, day, session, out[other.person]):
                        out[other.person].append((session.start, session.end))
                        break
        return out

    def _free(self, other: Posting, day: Day, session: Session, owed: list[Interval]) -> bool:
        row = self._timetables.row(other, day)
        if row is not None and row.shift == "off":
            return False
        if touches(self._excuses.on_leave(other.person), session.start, session.end):
            return False
        plan = self._timetables.of_posting(other, day)
        own = [(s.start, s.end) for s in plan.sessions] if plan else []
        return not touches([*own, *owed], session.start, session.end)
