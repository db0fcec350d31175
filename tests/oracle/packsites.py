"""Literal judge for tests: random sites of the other packs, made so that each pack's own rules act often."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .builder import Builder
from .given import random_scores
from .hours import Case, bound
from .records import DAY, SECOND, Row, Site, day_of, days_between, midnight, moment, text_of
from .standins import partners

SPARSE = ("quarter", "year")


class PackBuilder(Builder):
    """One seed's choices for a pack other than yihuang."""

    def __init__(self, seed: int, month: str, length: str, live: bool, pack: str) -> None:
        super().__init__(seed, month, length, live, pack)
        if length in SPARSE:
            self.calm = self.chance(0.6)
            self.days = sorted({*self.days, *self.days_of_earlier_months()})
        if pack == "county":
            for key in ("late_points", "training_late_points"):
                self.site.answers[key] = self.rng.choice(["0.5", "0.2", "1", "0"])
        if pack == "changxing" and self.chance(0.2):
            self.site.interpretations["changxing.per"] = "occurrence"

    def days_of_earlier_months(self) -> list[date]:
        """One to three days running in each month before the last."""
        out = []
        day = self.posted_from
        while (day.year, day.month) < (self.first.year, self.first.month):
            first = day + timedelta(days=self.rng.randint(0, 24))
            out += days_between(first, first + timedelta(days=self.rng.randint(0, 2)))
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return out

    # people and timetables

    def make_staff(self) -> None:
        super().make_staff()
        staff = self.site.tables["staff"]
        for row in staff:
            if self.chance(self.words.backups):
                others = [p for p in self.people if p != row["person_id"]]
                same = [r["person_id"] for r in staff if r["window"] == row["window"] and r["person_id"] in others]
                if self.site.pack == "bureau" and row["person_id"] == self.people[0]:
                    continue
                chosen = self.rng.choice(same or others) if self.chance(0.7) else self.rng.choice(others)
                row["backup_for"] = self.people[0] if self.site.pack == "bureau" and self.chance(0.6) else chosen
                if len(others) > 1 and self.chance(0.2):
                    row["backup_for"] = ";".join(self.rng.sample(others, 2))
        if self.site.pack == "citizens" and self.length in SPARSE and self.chance(0.5):
            mine = [row for row in staff if row["person_id"] == self.people[-1]]
            if len(mine) == 1:  # around 60 days of the quarter
                first = day_of(self.posted_to) - timedelta(days=self.rng.choice([58, 59, 60]))
                mine[0].update({"from": first.isoformat(), "to": self.posted_to})

    def make_roster(self) -> None:
        windows = sorted({row["window"] for row in self.site.tables["staff"]})
        if self.length in SPARSE:
            for first, last in self.gaps():
                for window in windows:
                    row = self.roster_row("", window, first, last)
                    self.add("roster", row | {"shift": "off", "days": "all", "entered_at": "2000-01-01 08:00:00"})
        if self.site.pack == "bureau":
            self.make_bureau_roster()
        length, self.length = self.length, "month"
        super().make_roster()
        self.length = length

    def make_bureau_roster(self) -> None:
        """Window rows for some; the A's have full days, the B's often other hours, nothing, or `off`."""
        full = ["08:30-12:00+14:00-17:30", "09:00-12:00+13:00-17:00", "08:00-14:00"]
        spare = ["off", "12:00-13:30", "17:30-20:00", "06:30-08:30+18:00-19:00", *full[:1]]
        staff = self.site.tables["staff"]
        for window in sorted({row["window"] for row in staff}):
            if self.chance(0.4):
                row = self.roster_row("", window, self.posted_from, self.last)
                days = self.rng.choice(["workdays", "", "all"])
                self.add("roster", row | {"shift": full[0], "days": days, "entered_at": "1999-01-01 08:00:00"})
        for person in self.people:
            first_line = all(row["backup_for"] == "" for row in staff if row["person_id"] == person)
            for first, last in self.runs() if first_line or self.chance(0.6) else []:
                row = self.roster_row(person, "", first, last)
                shift = self.rng.choice(full if first_line else spare)
                self.add("roster", row | {"shift": shift, "days": self.rng.choice(["all", "workdays"])})

    def runs(self) -> list[tuple[date, date]]:
        """The days on which something happens, as stretches."""
        if self.length not in SPARSE:
            return [(self.first, self.last)]
        return [(day, day) for day in self.days]

    def leave_of_first_lines(self) -> None:
        """bureau: whole days and half-days of people who have B's, and now and then of the B's."""
        for _ in range(self.rng.randint(1, 4)):
            named = sorted({p for row in self.site.tables["staff"] for p in row["backup_for"].split(";") if p})
            person = self.rng.choice(named) if named and self.chance(0.85) else self.person()
            day = self.day()
            words = self.rng.choice([("am", "am"), ("pm", "pm"), ("am", "pm"), ("am", "pm")])
            more = {"person_id": person, "start": f"{day} {words[0]}", "end": f"{day} {words[1]}", "returned_at": ""}
            row = self.leave_row() | more | {"daily_from": "", "daily_to": ""}
            self.add("leave", row | {"approvals": self.rng.choice(["centre", "centre", "window_lead", ""])})

    def gaps(self) -> list[tuple[date, date]]:
        """The stretches of days between those on which something happens."""
        out = []
        at = self.posted_from
        for day in self.days:
            if at < day:
                out.append((at, day - DAY))
            at = day + DAY
        return out

    # leave, stand-ins, rulings

    def make_long_leave(self) -> None:
        """county: personal and sick leave that together come to about 15 days of the year; bureau: leave of A's."""
        if self.site.pack == "bureau":
            self.leave_of_first_lines()
        if self.site.pack != "county" or self.length == "short" or not self.chance(0.7):
            return
        person = self.people[-1]
        first = self.posted_from
        last = first + timedelta(days=19)
        row = self.roster_row(person, "", first, last)
        self.add("roster", row | {"shift": self.rng.choice(["day", "day", "08:00-14:00"]), "days": "all"})
        halves = self.rng.choice([28, 29, 30, 31, 32])
        cut = self.rng.randint(4, 22)
        for kind, start, end in (("personal", 0, cut + self.rng.choice([0, 0, 1, 2])), ("sick", cut, halves)):
            words = {"start": self.half(first, start, "am", "pm"), "end": self.half(first, end - 1, "am", "pm")}
            approvals = self.rng.choice(["centre", "centre", "unit_leader"])
            row = self.leave_row() | words | {"person_id": person, "kind": kind, "approvals": approvals}
            self.add("leave", row | {"daily_from": "", "daily_to": "", "returned_at": ""})

    @staticmethod
    def half(first: date, number: int, morning: str, afternoon: str) -> str:
        return f"{first + timedelta(days=number // 2)} {afternoon if number % 2 else morning}"

    def standin_row(self) -> Row:
        """Mostly made for a leave that is there: all of it, more, less, or a part; in time or not."""
        row = super().standin_row()
        leaves = self.site.tables["leave"]
        if not leaves or self.chance(0.1):
            return row
        leave = self.rng.choice(leaves)
        case = self.case()
        row["absent_person_id"] = absent = leave["person_id"]
        others = [p for p in self.people if p != absent]
        row["standin_person_id"] = self.rng.choice(others)
        start, end = bound(case, absent, leave["start"], False), bound(case, absent, leave["end"], True)
        form = self.rng.choice(["same", "same", "same", "moments", "part", "first", "second"])
        row["start"], row["end"] = leave["start"], leave["end"]
        if form != "same" and start + SECOND * 7200 < end:
            middle = midnight(start.date()) + timedelta(hours=self.rng.choice([12, 13, 36]))
            if not start < middle < end:
                middle = (start + (end - start) / 2).replace(microsecond=0)
            shift = SECOND * self.rng.choice([0, 0, 1, -1, 3600, -3600])
            spans = {"moments": (start - shift, end + shift), "part": (start + shift, end - shift)}
            spans |= {"first": (start, middle), "second": (middle, end)}
            row["start"], row["end"] = text_of(spans[form][0]), text_of(spans[form][1])
        row["filed_at"] = self.registered(absent, row["start"])
        return row

    def ruling_row(self) -> Row:
        row = super().ruling_row()
        leaves = self.site.tables["leave"] + self.site.tables["outing"]
        if row["person_id"] and leaves and self.chance(0.25):
            leave = self.rng.choice(leaves)
            row["person_id"], row["date"] = leave["person_id"], leave["start"][:10]
            row["decided_at"] = row["date"] + row["decided_at"][10:]
            row["session"] = self.rng.choice(["0", "1", "1", "2"])
            row["kind"] = self.rng.choice(["", "off_post", "uncovered", "absent_half_day"])
            if row["session"] == "0":
                row.update(effect="excuse", as_kind="", kind=self.rng.choice(["", "retroactive_leave"]))
        return row

    def leave_of_partner(self) -> None:
        """tianyang, bureau: somebody's A or B is away at the same time."""
        leaves = self.site.tables["leave"]
        if not leaves:
            return
        leave = self.rng.choice(leaves)
        case = Case(self.site, text_of(midnight(self.last)))
        found = partners(case, leave["person_id"], day_of(leave["start"][:10]))
        if not found:
            return
        at = moment(leave["registered_at"]) + SECOND * self.rng.choice([0, 0, 1, -1, 86400])
        person = self.rng.choice(found)
        more = {"leave_id": self.new_id("L"), "person_id": person, "registered_at": text_of(at), "returned_at": ""}
        self.add("leave", leave | more | {"approvals": self.rng.choice(self.words.approvals)})

    def add_spree(self) -> None:
        super().add_spree()
        if self.words.backups > 0.3 and self.chance(0.7):
            self.leave_of_partner()

    def build(self) -> Site:
        site = super().build()
        if self.chance(0.8):
            site.tables["scores"] = random_scores(self.rng, site, site.pack)
        return site

    def make_as_of(self) -> datetime:
        """Now and then in the middle of a sparse period."""
        if self.length in SPARSE and self.chance(0.1):
            return self.around(self.person(), self.rng.choice(self.days))
        return super().make_as_of()
