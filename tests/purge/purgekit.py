"""Small halls over two years, sparse and nasty: what a purge takes, what it must leave, and how to read a log again."""

from __future__ import annotations

import copy
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from punchsync.bootstrap import Site
from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.anchor import Anchor, anchor
from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.moment import (
    DAY,
    Day,
    Moment,
    parse_day,
    parse_moment,
    show_day,
    show_moment,
    start_of,
    to_date,
    weekday,
)
from punchsync.core.reading import Defect, Reading, Row
from punchsync.operations.closing import close
from punchsync.operations.export import COLUMNS, export
from punchsync.operations.settle import settle

SETTINGS = """[hall]
id = "demo"
name = "厅"
pack = "{pack}"
{answers}
[store]
url = "{url}"
[[terminal]]
id = "T1"
[[terminal]]
id = "T2"
"""
ANSWERS = {"county": 'answers = { late_points = "0.5", training_late_points = "0.5" }'}
NOW = parse_moment("2026-03-10 21:00:00")
"""2024 is the latest year that may go after one whole year."""
LAST = parse_day("2024-12-31")
PEOPLE = ("P1", "P2", "P3", "P4")
IDS = {"P1": "11", "P2": "22", "P3": "33", "P4": "44"}
STRANGER = "NOBODYS-ID"
NAMES = {"P1": "甲", "P2": "乙", "P3": "丙", "P4": "走了的人"}
STILL = ("punches", "verdicts")
"""What a purge changes of the exports: raw punches, and their copies beside the verdicts."""


class Keep(NamedTuple):
    """A retention."""

    punches: int | None = 1
    records: int | None = 1
    bulletins: int | None = 1
    names: int | None = 1


def record(user: str, moment: Moment) -> bytes:
    """A terminal's record of 40 bytes."""
    day, second = divmod(moment, DAY)
    on = to_date(day)
    time = (((on.year - 2000) * 12 + on.month - 1) * 31 + on.day - 1) * DAY + second
    return (b"\1\0" + user.encode().ljust(24, b"\0") + b"\1" + time.to_bytes(4, "little") + b"\0").ljust(40, b"\0")


class Log:
    """A terminal's log over years: what it recorded, in order, and whole or only its end as a reading."""

    def __init__(self, terminal: str) -> None:
        self.terminal = terminal
        self.rows: list[tuple[str, Moment]] = []
        self.defects: list[tuple[int, Moment]] = []

    def whole(self, began: Moment, offset: int = 0) -> Reading:
        rows = tuple(Row(n, record(u, t), u, t, "1", "0") for n, (u, t) in enumerate(self.rows))
        odd = tuple(Defect(n, f"odd{n}@{at}".encode(), "impossible_date", (), at, at + 60) for n, at in self.defects)
        return Reading(
            self.terminal, "tcp", "192.0.2.21:4370", f"{self.terminal}{began}", rows, odd, began,
            serial=f"S-{self.terminal}", clock_offset=offset, held=len(rows) + len(odd), layout="40",
            tail=b"".join(r.raw for r in rows[-64:]),
        )  # fmt: skip

    def text(self) -> bytes:
        lines = (f"{u:>14}\t{show_moment(t)}\t1\t0\t0\n" for u, t in self.rows)
        return "".join(lines).encode()


class Hall:
    """A site of one of the packs on a database, with two years and a bit of a seed's life in it, settled at `NOW`.

    Where T2 is `rare` nobody uses it after November 2024; `off` is how wrong its clock goes around that New Year.
    """

    def __init__(
        self, folder: Path, url: str, pack: str, seed: int, *, closed: bool = True, rare: bool = False, off: int = 0
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = SETTINGS.format(pack=pack, url=url, answers=ANSWERS.get(pack, ""))
        (folder / "punchsync.toml").write_text(text, encoding="utf-8")
        self.folder, self.rng, self.pack, self.rare, self.off = folder, Random(f"{pack}/{seed}"), pack, rare, off
        self.site = self.open(NOW)
        self.logs = {id: Log(id) for id in ("T1", "T2")}
        self.days = [d for d in self._days() if weekday(d) < 5]
        self.numbers = 0
        self._records()
        self._punches()
        settle(self.site.hall, NOW)
        if closed:
            for year in ("2024", "2025"):
                close(self.site.hall, year, by="主任", reason="年终", anyway=True)

    def open(self, now: Moment) -> Site:
        site = Site(self.folder)
        site.hall = replace(site.hall, clock=FixedClock(now))
        return site

    def again(self, folder: Path) -> Hall:
        """The same hall out of a copy of its folder."""
        other = copy.copy(self)
        other.folder, other.rng = folder, Random(0)
        other.logs = copy.deepcopy(self.logs)
        other.site = other.open(NOW)
        return other

    def close(self) -> None:
        self.site.store.close()

    def _days(self) -> Iterator[Day]:
        """A few days of some months, and those around the turn of the years."""
        rng = self.rng
        for year in (2024, 2025, 2026):
            for month in range(1, 13) if year < 2026 else (1, 2, 3):
                first = parse_day(f"{year}-{month:02d}-01")
                if month in (1, 12) or rng.random() < 0.25:
                    yield from range(first + 2, first + 6)
                if month == 12:
                    yield from range(first + 27, first + 31)

    def put(self, kind: str, *rows: dict[str, str]) -> Any:
        """Import rows of a kind; returns what came of it."""
        out = io.StringIO()
        names = list(dict.fromkeys(name for row in rows for name in row))
        writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        done = bring_records(self.site, kind, out.getvalue().encode(), f"{kind}.csv", False)
        assert list(done.problems) == [], [p.show() for p in done.problems]
        return done

    def _id(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers:03d}"

    def _records(self) -> None:
        rng = self.rng
        ends = {"P4": "2024-06-30"}
        self.put("staff", *(
            {
                "person_id": p, "name": NAMES[p], "unit": "公安局", "window": "公安" if n < 2 else "税务",
                "post": rng.choice(["staff", "lead"]), "device_user_id": IDS[p],
                "backup_for": "P1" if p == "P2" and self.pack != "yihuang" else "", "from": "2024-01-01",
                "to": ends.get(p, ""),
            }
            for n, p in enumerate(PEOPLE)
        ))  # fmt: skip
        turns = [parse_day("2023-12-31"), *self.days, NOW // DAY + 1]
        off = [
            self._roster(before + 1, day - 1, window)
            for before, day in itertools.pairwise(turns)
            if day > before + 1
            for window in ("公安", "税务")
        ]
        self.put("roster", *off)
        for _ in range(12):
            self._random_record(rng.choice(["leave", "leave", "leave", "outing", "standin", "incident", "incident"]))
        for year in ("2024", "2025"):
            self._straddling(parse_day(f"{year}-12-31"))
        for _ in range(3):
            day = rng.choice(self.days)
            self.put("paper", {
                "person_id": rng.choice(PEOPLE[:3]), "at": f"{show_day(day)} 08:{rng.randrange(20, 59)}:00",
                "sheet": "S1", "approved_by": "王",
            })  # fmt: skip
        for terminal in ("T1", "T2"):
            day = rng.choice(self.days)
            self.put("outage", {
                "terminal_id": terminal, "start": f"{show_day(day)} 08:20", "end": f"{show_day(day)} 08:50",
                "kind": "no_punch",
            })  # fmt: skip

    def _roster(self, first: Day, last: Day, window: str) -> dict[str, str]:
        return {
            "roster_id": self._id("R"), "entered_at": "2024-01-01 08:00", "person_id": "", "window": window,
            "from": show_day(first), "to": show_day(last), "shift": "off", "days": "all",
        }  # fmt: skip

    def _span(self, day: Day, length: int) -> dict[str, str]:
        return {"start": f"{show_day(day)} 08:30", "end": f"{show_day(day + length)} 17:30"}

    def _leave(self, person: str, first: Day, length: int) -> None:
        rng = self.rng
        late = rng.random() < 0.3
        self.put("leave", {
            "leave_id": self._id("L"), "person_id": person, "kind": rng.choice(["personal", "sick", "official"]),
            **self._span(first, length), "registered_at": f"{show_day(first + (2 if late else -1))} 09:00",
            "certificate": rng.choice(["yes", "no"]),
            "approvals": rng.choice(["", "window_lead", "window_lead;inspection", "window_lead;unit_leader"]),
        })  # fmt: skip

    def _straddling(self, last: Day) -> None:
        rng = self.rng
        for _ in range(rng.randrange(1, 4)):
            self._leave(rng.choice(PEOPLE[:3]), last - rng.randrange(0, 40), rng.randrange(41, 50))
        self._leave(rng.choice(PEOPLE[:3]), last - 60, rng.randrange(5, 58))
        self.put("standin", {
            "standin_id": self._id("N"), "absent_person_id": "P1", "standin_person_id": "P3",
            **self._span(last - rng.randrange(5, 30), 35), "filed_at": f"{show_day(last - 31)} 09:00",
        })  # fmt: skip

    def _random_record(self, kind: str) -> None:
        rng = self.rng
        day, person = rng.choice(self.days), rng.choice(PEOPLE[:3])
        if kind == "leave":
            self._leave(person, day, rng.choice([0, 0, 1, 3]))
        elif kind == "outing":
            self.put(kind, {
                "outing_id": self._id("O"), "person_id": person, "start": f"{show_day(day)} 09:00",
                "end": f"{show_day(day)} 11:00", "registered_at": f"{show_day(day)} 08:00", "reason": "开会",
            })  # fmt: skip
        elif kind == "standin":
            self.put(kind, {
                "standin_id": self._id("N"), "absent_person_id": "P1", "standin_person_id": "P2",
                **self._span(day, 1), "filed_at": f"{show_day(day - 1)} 09:00",
            })  # fmt: skip
        else:
            self.put("incident", {
                "incident_id": self._id("I"), "person_id": person, "window": "",
                "kind": rng.choice(["games", "wandering", "missed_meeting", "no_badge"]),
                "at": f"{show_day(day)} 10:{rng.randrange(60):02d}:00", "noted_by": "督查员", "place": "",
                "evidence": "", "warned": "no",
            })  # fmt: skip

    def _punches(self) -> None:
        """Every day's punches, read whole every now and then as the log grows."""
        rng = self.rng
        marred = {self.days[0], next(d for d in self.days if d > LAST)}
        self.logs["T1"].rows.append((STRANGER, start_of(self.days[0]) + 8 * 3600))
        turn = [d for d in self.days if to_date(d).month in (1, 12) or rng.random() < 0.15]
        for day in self.days:
            today: dict[str, list[tuple[str, Moment]]] = {"T1": [], "T2": []}
            used = ["T1"] if self.rare and day > parse_day("2024-11-30") else ["T1", "T2"]
            for person in PEOPLE[:3] if day > parse_day("2024-06-30") else PEOPLE:
                terminal = rng.choice(used)
                if rng.random() < 0.05:
                    continue
                for clock in ("08:2", "12:0", "14:2", "17:3"):
                    if rng.random() < 0.08:
                        continue
                    at = parse_moment(f"{show_day(day)} {clock}0:00") + rng.randrange(1200)
                    took = [(IDS[person], at)] * (2 if rng.random() < 0.03 else 1)
                    today[terminal] += took
            for terminal, taken in today.items():
                wrong = self.wrong(day) if terminal == "T2" else 0
                log = self.logs[terminal]
                log.rows += [(user, at + wrong) for user, at in sorted(taken, key=lambda row: row[1])]
                if rng.random() < 0.02 or (terminal == "T1" and day in marred):
                    log.defects.append((len(log.rows), start_of(day) + 9 * 3600))
            if day in turn:
                self.read(start_of(day) + 21 * 3600)
        self.read(NOW - 600)

    def wrong(self, day: Day) -> int:
        """By how many seconds T2's clock is off."""
        return self.off if LAST - 2 <= day <= LAST + 4 else 0

    def read(self, began: Moment) -> list[int]:
        """Both terminals' whole logs, as read at a moment; how many punches each brought."""
        wrong = {"T2": self.wrong(began // DAY)}
        with self.site.store.writing() as work:
            added = [work.readings.add(g.whole(began, wrong.get(g.terminal, 0)), began) for g in self.logs.values()]
            for one in added:
                if one.touched is not None:
                    work.months.mark("" if one.touched <= 0 else show_day(max(1, one.touched // DAY))[:7])
        return [one.new for one in added]

    def file(self, terminal: str, through: Moment | None = None) -> int:
        """A terminal's whole log as its USB file; how many punches it brought."""
        text = self.logs[terminal].text()
        done = bring_punches(self.site, text, "1_attlog.dat", terminal, through, "attlog", False)
        assert list(done.problems) == []
        return done.changed

    def issue(self) -> None:
        """A bulletin of each of two years."""
        with self.site.store.writing() as work:
            for day in ("2024-01-05", "2025-01-06"):
                work.papers.issue("daily", day, f"{day}：某人迟到", NOW)

    def appeals(self) -> None:
        """A decided appeal against a violation of each of two years, with evidence."""
        with self.site.store.writing() as work:
            for n, (first, last) in enumerate(((1, LAST), (LAST + 1, LAST + 300)), 1):
                v = work.months.violations(first, last)[0]
                filed = Appeal(
                    0, v.id, 1, v.day, v.person, v.window, v.session, v.kind, v.seconds, v.source, "申诉人", "person",
                    f"私密的理由{n}", "", NOW,
                )  # fmt: skip
                work.appeals.file(filed, [Evidence(1, "a.txt", "d", f"PRIVATE-EVIDENCE-{n}".encode())], NOW)
                work.appeals.decide(AppealDecision(n, "upheld", "", "李主任", "二号", "", "", NOW), NOW)

    # What is compared

    def exports(self, but: Sequence[str] = STILL) -> dict[str, list[tuple[str, ...]]]:
        return {kind: export(self.site.hall, kind).rows for kind in COLUMNS if kind not in but}

    def verdicts(self) -> list[tuple[str, ...]]:
        """Verdicts without the punch and its terminal, of which a purge takes copies away."""
        columns = COLUMNS["verdicts"]
        at = [n for n, name in enumerate(columns) if name not in ("punch", "terminal")]
        return [tuple(row[n] for n in at) for row in export(self.site.hall, "verdicts").rows]

    def anchor(self) -> Anchor:
        with self.site.store.reading() as work:
            return anchor(self.site.hall.id, work.links.head())


@contextmanager
def made(folder: Path, url: str, pack: str = "yihuang", seed: int = 1, **more: Any) -> Iterator[Hall]:
    """A hall, closed at the end."""
    hall = Hall(folder, url, pack, seed, **more)
    try:
        yield hall
    finally:
        hall.close()
