"""Literal judge for tests: the people of a random hall, their terminals, hours, leave and punches."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from .hours import Case, posting, timetable
from .owed import day_sessions
from .records import DAY, KEYS, SECOND, Row, Site, day_of, days_between, midnight, moment, text_of
from .words import DAYS, UNITS, WINDOW_SETS, WINDOWS, WORDS


class People:
    """One seed's choices while a site grows."""

    contested = True

    def __init__(self, seed: int, month: str, length: str, live: bool, pack: str = "yihuang") -> None:
        self.rng = Random(f"{seed}/{month}/{length}" + ("" if pack == "yihuang" else f"/{pack}"))
        self.words = WORDS[pack]
        self.live = live
        year, number = int(month[:4]), int(month[5:])
        end = date(year, number, months.monthrange(year, number)[1])
        self.first, self.last = date(year, number, 1), end
        self.posted_from = self.first
        self.posted_to = ""
        if length == "short":
            count = self.rng.randint(3, 6)
            self.first += timedelta(days=max(self.rng.randint(0, (end - self.first).days - count + 1) for _ in "ab"))
            self.last = self.first + timedelta(days=count - 1)
            self.posted_from = self.first
        elif length in ("quarter", "year"):
            self.posted_from = date(year, 1, 1) if length == "year" else date(year, (number - 1) // 3 * 3 + 1, 1)
            self.posted_to = end.isoformat()
            self.first = end - timedelta(days=self.rng.randint(3, 6))
        self.days = days_between(self.first, self.last)
        self.length = length
        self.busy = {"short": 1, "month": 3, "quarter": 1, "year": 1}[length]
        self.site = Site(tables={kind: [] for kind in KEYS}, pack=pack)
        self.number = 0
        self.wave = 0
        self.calm = self.chance(0.3)  # everything read, nothing dark, nothing pending: rankings come out
        self.clean: set[tuple[str, date]] = set()  # days of good punches, for what supervisors write
        self.spots: list[tuple[str, date, int]] = []  # sessions where something is to be said
        self.rulings: list[tuple[str, date, int]] = []
        self.dark: list[tuple[str, date, int]] = []
        if self.calm and length in ("short", "month"):
            self.posted_to = self.last.isoformat()

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def some(self, most: int) -> range:
        return range(self.rng.randint(0, most))

    def new_id(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.wave}{self.rng.randint(10, 99)}{self.number}"

    def add(self, kind: str, row: Row) -> None:
        """Keep a row unless its key is there already."""
        key = [row[c] for c in KEYS[kind]]
        if not any([old[c] for c in KEYS[kind]] == key for old in self.site.tables[kind]):
            self.site.tables[kind].append(row)

    def day(self) -> date:
        return self.rng.choice(self.days)

    def person(self) -> str:
        return self.rng.choice(self.people)

    def case(self) -> Case:
        """The timetables as they stand; leave and outings are looked up anew."""
        return Case(self.site, text_of(midnight(self.last)))

    def sessions(self, person: str, day: date) -> list[tuple[datetime, datetime]]:
        return timetable(self.case(), person, day)

    def around(self, person: str, day: date) -> datetime:
        """A moment near a bound of the person's sessions, or any moment of the day."""
        bounds = [t for session in self.sessions(person, day) for t in session]
        if bounds and self.chance(0.8):
            return self.rng.choice(bounds) + timedelta(
                seconds=self.rng.choice([*self.words.edges, 0, 0, 3600, 5400, -3600])
            )
        return midnight(day) + timedelta(minutes=self.rng.randint(0, 1439))

    # people, terminals, timetables

    def make_terminals(self) -> None:
        count = self.rng.choice([1, 1, 2, 2, 3])
        for n in range(count):
            windows = None if n == 0 and self.chance(0.9) else self.rng.choice([None, *WINDOW_SETS])
            life: dict[str, Any] = {"id": f"T{n + 1}", "windows": windows, "from": None, "to": None}
            if self.chance(0.12) and not self.calm:
                life["from"] = self.day().isoformat()
            if self.chance(0.1) and not self.calm and (not life["from"] or life["from"] <= self.last.isoformat()):
                life["to"] = max(self.day().isoformat(), life["from"] or "")
            self.site.terminals.append(life)

    def make_staff(self) -> None:
        count = self.rng.randint(2, 6)
        windows = WINDOWS[: self.rng.randint(2, 3)]
        self.people = [f"P{n + 1}" for n in range(count)]
        twins = self.chance(0.05) and self.contested
        for n, person in enumerate(self.people):
            device = ["1", "02", "3", "0004", "15", "106"][n]
            if twins and n == 2:
                device = "01"
            row = {
                "person_id": person,
                "name": f"员工{n + 1}",
                "unit": "",
                "window": windows[n % len(windows)],
                "post": self.rng.choice(["staff", "staff", "lead", "chief"]),
                "device_user_id": device,
                "backup_for": "",
                "from": self.posted_from.isoformat(),
                "to": self.posted_to,
            }
            if n > 0 and self.chance(0.15):
                row["backup_for"] = self.people[0]
            rows = [row]
            if self.chance(self.words.moves) and len(self.days) > 2:
                rows = self.split_posting(row, windows)
            elif self.chance(0.1):
                row["from"] = max(self.day(), self.posted_from).isoformat()
            elif self.chance(0.1):
                row["to"] = self.day().isoformat()
            for part in rows:
                part["unit"] = UNITS[part["window"]]
                self.add("staff", part)

    def split_posting(self, row: Row, windows: list[str]) -> list[Row]:
        """Two postings in time: another window, another post, or a gap between."""
        cut = self.rng.choice(self.days[1:-1])
        later = dict(row)
        row["to"] = (cut - DAY).isoformat()
        later["from"] = (cut + DAY * self.rng.choice([0, 0, 1])).isoformat()
        later["window"] = self.rng.choice(windows)
        later["post"] = self.rng.choice(["staff", "lead"])
        return [row, later]

    def make_devices(self) -> None:
        """Device rows: one terminal's own numbers, a general number, a number handed on in time."""
        terminal = self.rng.choice(self.site.terminals)["id"]
        whole = {"from": self.posted_from.isoformat(), "to": ""}
        if self.chance(0.2):
            self.add(
                "device",
                {"terminal_id": terminal, "device_user_id": "501", "person_id": self.person(), **whole},
            )
        if self.chance(0.15):
            self.add("device", {"terminal_id": "", "device_user_id": "777", "person_id": self.person(), **whole})
            if self.chance(0.5) and self.contested:
                self.add(
                    "device",
                    {"terminal_id": terminal, "device_user_id": "777", "person_id": self.person(), **whole},
                )
        if self.chance(0.15):
            cut = self.day()
            a, b = {"from": whole["from"], "to": (cut - DAY).isoformat()}, {"from": cut.isoformat(), "to": ""}
            if a["to"] >= a["from"]:
                self.add("device", {"terminal_id": "", "device_user_id": "88", "person_id": self.people[0], **a})
                self.add("device", {"terminal_id": "", "device_user_id": "88", "person_id": self.people[1], **b})
        if self.chance(0.1) and self.contested:
            ids = [row["device_user_id"] for row in self.site.tables["staff"]]
            first, second = ids[0], next(i for i in ids if i != ids[0])
            for user_id, person in ((first, self.people[1]), (second, self.people[0])):
                self.add(
                    "device",
                    {"terminal_id": terminal, "device_user_id": user_id, "person_id": person, **whole},
                )

    def make_calendar(self) -> None:
        if self.chance(0.4):
            for _ in range(self.busy):
                kind = self.rng.choice(["work", "off", "am_off", "pm_off", "am_off", "pm_off"])
                self.add("calendar", {"date": self.day().isoformat(), "kind": kind, "note": ""})

    def make_roster(self) -> None:
        if self.length in ("quarter", "year"):
            for window in sorted({row["window"] for row in self.site.tables["staff"]}):
                row = self.roster_row("", window, self.posted_from, self.first - DAY)
                row.update(shift="off", days="all", entered_at="2000-01-01 08:00:00")
                self.add("roster", row)
        for _ in self.some(2 * self.busy):
            first = self.day()
            last = min(first + DAY * self.rng.choice([0, 0, 0, 1, 3, 10]), self.last)
            if self.chance(0.6):
                self.add("roster", self.roster_row(self.person(), "", first, last))
            else:
                window = self.rng.choice(self.site.tables["staff"])["window"]
                self.add("roster", self.roster_row("", window, first, last))

    def roster_row(self, person: str, window: str, first: date, last: date) -> Row:
        entered = midnight(self.first) - timedelta(days=self.rng.randint(1, 3), minutes=self.rng.choice([0, 30]))
        return {
            "roster_id": self.new_id("R"),
            "entered_at": text_of(entered),
            "person_id": person,
            "window": window,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "shift": self.rng.choice(self.words.shifts),
            "days": self.rng.choice(DAYS),
        }

    # leave, outings, punches

    def bounds(self, person: str) -> tuple[str, str]:
        """Start and end of a leave or outing in one of the forms a clerk may write."""
        day = self.day()
        if self.chance(0.3):
            last = day + DAY * self.rng.choice([0, 0, 0, 1, 2, 3, 6])
            words = self.rng.choice([("am", "am"), ("pm", "pm"), ("am", "pm"), ("pm", "am")])
            if words == ("pm", "am") and last == day:
                last += DAY
            return f"{day} {words[0]}", f"{last} {words[1]}"
        if self.chance(0.3):
            return day.isoformat(), (day + DAY * self.rng.choice([0, 0, 1, 2, 4])).isoformat()
        start = self.around(person, day)
        end = self.around(person, day + DAY * self.rng.choice([0, 0, 0, 0, 1, 3]))
        if end <= start:
            end = start + timedelta(seconds=self.rng.choice([600, 3600, 5400, 7200, 14400]))
        return text_of(start), text_of(end)

    def registered(self, person: str, start: str) -> str:
        day = day_of(start[:10])
        sessions = self.sessions(person, day)
        at = sessions[0][0] if sessions else midnight(day)
        return text_of(at + timedelta(seconds=self.rng.choice([-86400, -3600, -1, 0, 1, 3600, 86400])))

    def leave_row(self) -> Row:
        person = self.person()
        start, end = self.bounds(person)
        daily = self.rng.choice([("08:30", "10:00"), ("09:00", "09:30"), ("16:30", "18:00"), ("11:50", "14:40")])
        returned = ""
        if self.chance(0.2):
            back = self.around(person, day_of(self.rng.choice([start, end])[:10]))
            if len(start) == 19 and self.chance(0.4):
                back = moment(start) + SECOND * self.rng.choice([0, 1, 1800])
            returned = text_of(back)
        return {
            "leave_id": self.new_id("L"),
            "person_id": person,
            "kind": self.rng.choice(self.words.leaves),
            "start": start,
            "end": end,
            "daily_from": daily[0],
            "daily_to": daily[1],
            "registered_at": self.registered(person, start),
            "certificate": self.rng.choice(["yes", "yes", "no", ""]),
            "approvals": self.rng.choice(self.words.approvals),
            "returned_at": returned,
        } | ({} if self.chance(0.15) else {"daily_from": "", "daily_to": ""})

    def outing_row(self) -> Row:
        person = self.person()
        start, end = self.bounds(person)
        return {
            "outing_id": self.new_id("O"),
            "person_id": person,
            "start": start,
            "end": "" if self.chance(0.1) else end,
            "registered_at": self.registered(person, start),
            "reason": "",
        }

    def make_long_leave(self) -> None:
        """A year's worth of leave at the edge of the bar, on a person's own roster outside the busy days."""
        if self.length not in ("quarter", "year") or not self.chance(0.6):
            return
        person = self.people[-1]
        kind, halves = self.rng.choice([("personal", 40), ("personal", 41), ("sick", 60), ("sick", 61), ("sick", 66)])
        last = self.posted_from + DAY * ((halves + 1) // 2 - 1)
        row = self.roster_row(person, "", self.posted_from, last)
        self.add("roster", row | {"shift": "winter", "days": "all"})
        self.add(
            "leave",
            self.leave_row()
            | {
                "person_id": person,
                "kind": kind,
                "start": self.posted_from.isoformat(),
                "end": f"{last} {'am' if halves % 2 else 'pm'}",
                "daily_from": "",
                "daily_to": "",
                "certificate": "yes",
                "approvals": "unit_leader;centre_leader",
                "returned_at": "",
            },
        )

    def make_punches(self) -> list[tuple[datetime, str, str]]:
        """(moment, terminal, device user id): mostly near the bounds of the sessions."""
        out: list[tuple[datetime, str, str]] = []
        case = self.case()
        for person in self.people:
            good = self.rng.choice([0.95, 0.9, 0.7, 0.4, 0.1])
            miss = self.rng.choice([0.0, 0.0, 0.02, 0.05, 0.2])
            own_late = self.chance(0.15)
            for day in self.days:
                post = posting(case, person, day)
                clean = (person, day) in self.clean
                if post is None or (self.chance(0.03) and not clean):
                    continue
                found = self.day_punches(case, person, day, good, miss, own_late)
                if clean:
                    found = self.day_punches(case, person, day, 1.0, 0.0, self.chance(0.2))
                for at in found:
                    terminal = self.rng.choice(self.site.terminals)["id"]
                    out.append((at, terminal, self.user_id(post, person, terminal, day)))
                    if self.chance(0.05):
                        other = self.rng.choice(self.site.terminals)["id"]
                        out.append((at, other, self.user_id(post, person, other, day)))
        for _ in self.some(3):
            at = midnight(self.day()) + timedelta(seconds=self.rng.randint(0, 86399))
            out.append((at, self.rng.choice(self.site.terminals)["id"], "9999"))
        return sorted(set(out))

    def day_punches(
        self, case: Case, person: str, day: date, good: float, miss: float, own_late: bool
    ) -> list[datetime]:
        found: list[datetime] = []
        near = [
            t
            for kind in ("leave", "outing")
            for row in self.site.tables[kind]
            if row["person_id"] == person
            for t in (row["start"], row["end"])
            if len(t) == 19 and t[:10] == day.isoformat()
        ]
        for n, (start, end) in enumerate(day_sessions(case, person, day), 1):
            for anchor, sign in ((start, -1), (end, 1)):
                in_the_dark = (person, day, n) in self.dark
                if self.chance(0.5 if in_the_dark else miss):
                    self.spots.append((person, day, n))
                    continue
                if near and self.chance(0.4):
                    anchor = moment(self.rng.choice(near))
                if in_the_dark:
                    offset = -sign * self.rng.choice(self.words.dark_by)
                elif own_late and sign < 0 and self.chance(0.8):
                    offset = self.rng.choice(self.words.late_by)
                elif self.chance(good):
                    offset = sign * self.rng.randint(0, 900)
                else:
                    offset = self.rng.choice([*self.words.edges, 10800, 10801, -10800, -10801, 2400, 5400, -2400])
                at = anchor + SECOND * offset
                if offset * sign <= -self.words.threshold:
                    self.spots.append((person, day, n))
                found.append(at)
                if self.chance(0.15):
                    found.append(at + SECOND * self.rng.choice([0, 1, 59, 60, 61, -59, -60]))
        if self.chance(0.06):
            found += [self.around(person, day) for _ in range(self.rng.randint(1, 6))]
        if not found and self.chance(0.1):
            found.append(midnight(day) + timedelta(hours=9))
        return [at for at in found[:14] if at.date() == day]

    def user_id(self, post: Row, person: str, terminal: str, day: date) -> str:
        """An id that is this person's on that terminal and date; sometimes written with more zeros."""
        rows = [
            row
            for row in self.site.tables["device"]
            if row["terminal_id"] in ("", terminal)
            and row["person_id"] == person
            and row["from"] <= day.isoformat()
            and (not row["to"] or row["to"] >= day.isoformat())
        ]
        text = self.rng.choice(rows)["device_user_id"] if rows and self.chance(0.8) else post["device_user_id"]
        return text.zfill(5) if self.chance(0.1) else text
