"""Literal judge for tests: what supervisors write about a random hall, and what is read of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .people import People
from .records import DAY, SECOND, Row, Site, midnight, text_of
from .words import AMENDED, INCIDENTS


class Builder(People):
    """The whole site: incidents, outages, rulings and what was read of the terminals."""

    # what supervisors write

    def incident_row(self) -> Row:
        kind = self.rng.choice([*INCIDENTS, "window_empty"])
        staff = self.rng.choice(self.site.tables["staff"])
        person = "" if kind == "window_empty" else staff["person_id"]
        at = self.around(staff["person_id"], self.day())
        if person and self.spots and self.chance(0.5):
            person, day, _ = self.rng.choice(self.spots)  # several in one session
            at = self.around(person, day)
        sessions = self.sessions(staff["person_id"], at.date())
        if sessions and self.chance(0.4):
            start, end = self.rng.choice(sessions)
            at = start + (end - start) // 2
        if person:
            self.spots.append((person, at.date(), self.session(person, at)))
        return {
            "incident_id": self.new_id("I"),
            "person_id": person,
            "window": "" if person else staff["window"],
            "kind": kind,
            "at": text_of(at.replace(microsecond=0)),
            "noted_by": "督查员",
            "place": "",
            "evidence": "",
            "warned": self.rng.choice(["", "no", "yes"]),
        }

    def session(self, person: str, at: datetime) -> int:
        for n, (start, end) in enumerate(self.sessions(person, at.date()), 1):
            if start <= at <= end:
                return n
        return 0

    def add_spree(self) -> None:
        """Several findings of one person over few sessions, in the middle of good days."""
        person = self.person()
        days = [self.day() for _ in range(self.rng.randint(1, 3))]
        for _ in range(self.rng.randint(2, 6)):
            day = self.rng.choice(days)
            self.clean.add((person, day))
            row = self.incident_row()
            for start, end in self.sessions(person, day)[-2:]:
                part = self.rng.choice([0, 1, 2, 2, 3, 4])
                at = start + (end - start) * part // 4
                kind = self.rng.choice(
                    ["off_post", "wandering", "private_work", "games", "early", "no_badge", "missed_study"]
                )
                new = row | {"incident_id": self.new_id("I"), "person_id": person, "window": ""}
                self.add("incident", new | {"kind": kind, "at": text_of(at.replace(microsecond=0))})
                self.spots.append((person, day, self.session(person, at)))

    def outage_row(self) -> Row:
        start = self.around(self.person(), self.day()) - SECOND * self.rng.choice([0, 600, 1800, 3600, 7200])
        end = start + SECOND * self.rng.choice([1, 599, 600, 900, 1800, 3600, 14400])
        first, last = text_of(start), text_of(end)
        if self.chance(0.15):
            first = last = self.day().isoformat()
        elif self.chance(0.08):
            last = ""
        kind = self.rng.choice(["no_punch", "no_punch", "lost", "unreachable"])
        terminal = self.rng.choice(self.site.terminals)["id"]
        return {"terminal_id": terminal, "start": first, "end": last, "kind": kind}

    def make_outages(self) -> None:
        for _ in self.some(2 * self.busy):
            row = self.outage_row()
            self.add("outage", row)
            if self.chance(0.5):  # all terminals at once
                for terminal in self.site.terminals:
                    self.add("outage", row | {"terminal_id": terminal["id"]})

    def paper_row(self) -> Row:
        person = self.person()
        at = text_of(self.around(person, self.day()))
        return {"person_id": person, "at": at, "sheet": "A-1", "approved_by": "督查员"}

    def ruling_row(self) -> Row:
        person, day, session = self.person(), self.day(), self.rng.choice([1, 1, 2])
        if self.dark and self.chance(0.5):
            person, day, session = self.rng.choice(self.dark)
        elif self.spots and self.chance(0.8):
            person, day, session = self.rng.choice(self.spots)
        if self.rulings and self.chance(0.4):
            person, day, session = self.rng.choice(self.rulings)  # several for one session
        self.rulings.append((person, day, session))
        effect = self.rng.choice(["excuse", "excuse", "uphold", "amend", "amend"])
        if session == 0:
            effect = "excuse"
        named = [
            "late",
            "early",
            "absent_half_day",
            "absent_half_day",
            "off_post",
            "wandering",
            "private_work",
        ]
        kind = "" if self.chance(0.5) else self.rng.choice(named)
        window = ""
        if self.chance(0.05):
            staff = self.rng.choice(self.site.tables["staff"])
            person, window, session, kind, effect = "", staff["window"], 0, "window_empty", "excuse"
        elif self.chance(0.08):
            session, kind, effect = 0, self.rng.choice(["", "missed_study"]), "excuse"
        return {
            "ruling_id": self.new_id("D"),
            "person_id": person,
            "window": window,
            "date": day.isoformat(),
            "session": str(session),
            "kind": kind,
            "effect": effect,
            "as_kind": self.rng.choice(AMENDED) if effect == "amend" else "",
            "document": "文〔2026〕1号",
            "decided_by": "督查科",
            "decided_at": f"{day} 20:{self.rng.choice(['00', '00', '30'])}:00",
        }

    def standin_row(self) -> Row:
        a, b = self.rng.sample(self.people, 2)
        start, end = self.bounds(a)
        return {
            "standin_id": self.new_id("S"),
            "absent_person_id": a,
            "standin_person_id": b,
            "start": start,
            "end": end,
            "filed_at": self.registered(a, start),
        }

    # reading

    def make_as_of(self) -> datetime:
        if self.length in ("quarter", "year"):
            return midnight(self.last + DAY * self.rng.choice([1, 1, 1, 2])) + timedelta(hours=self.rng.choice([0, 9]))
        if self.calm and self.chance(0.6):  # the month is over
            year, month = divmod(self.last.year * 12 + self.last.month, 12)
            return datetime(year, month + 1, 1) + timedelta(hours=self.rng.choice([0, 9]))
        if self.calm or self.chance(0.5):
            return midnight(self.last + DAY) + timedelta(hours=self.rng.choice([0, 9]))
        if self.chance(0.5):
            return midnight(self.last + DAY) - SECOND * self.rng.choice([1, 2, 3600])
        return self.around(self.person(), self.rng.choice(self.days[-2:]))

    def make_reads(self, punched: list[tuple[datetime, str, str]], as_of: datetime, whole: float) -> None:
        future = self.chance(0.08) and not self.calm
        for terminal in [t["id"] for t in self.site.terminals]:
            log = [(user, at) for at, where, user in punched if where == terminal and (future or at <= as_of)]
            if self.chance(0.03) and not self.calm:
                continue
            strange = [("1", datetime(2099, 5, 5, 8, 30))] if self.chance(0.1) else []
            strange += [("1", datetime(2019, 5, 5, 8, 30))] if self.chance(0.1) else []
            moments = sorted(
                midnight(self.day()) + timedelta(seconds=self.rng.randint(0, 86399))
                for _ in range(self.rng.choice([0, 1, 2, 3]))
            )
            if self.calm or self.chance(whole):
                moments.append(as_of)
            kept_from = datetime.min  # what the terminal still holds
            for made in moments:
                made = min(made, as_of) if not future else made
                rows = [(user, at) for user, at in log if kept_from <= at <= (made if not future else datetime.max)]
                rows = strange[:1] + rows + strange[1:]
                self.add_read(terminal, rows, made)
                if self.chance(0.1 if self.calm else 0.35) and log:
                    kept_from = self.rng.choice(log)[1]
        self.rng.shuffle(self.site.reads)

    def add_read(self, terminal: str, rows: list[tuple[str, datetime]], made: datetime) -> None:
        read: dict[str, Any] = {"terminal": terminal, "through": None, "live_reach": None}
        read["rows"] = [(user, text_of(at)) for user, at in rows]
        if self.live and self.chance(0.3):
            read["live_reach"] = text_of(made)
        elif self.calm or self.chance(0.8):
            read["through"] = text_of(made)
        self.site.reads.append(read)

    def build(self) -> Site:
        self.make_terminals()
        self.make_staff()
        self.make_devices()
        self.make_calendar()
        self.make_roster()
        self.make_long_leave()
        for _ in self.some(self.words.leave_rows * self.busy):
            self.add("leave", self.leave_row())
        for _ in self.some(self.words.outing_rows * self.busy):
            self.add("outing", self.outing_row())
        for _ in self.some(self.words.standin_rows):
            self.add("standin", self.standin_row())
        if not self.calm:
            self.add_dark_day()
            self.make_outages()
        for _ in self.some(self.busy + 1):
            self.add_spree()
        punched = self.make_punches()
        for _ in self.some(2 * self.busy):
            self.add("paper", self.paper_row())
        for _ in self.some(5 * self.busy):
            self.add("incident", self.incident_row())
        for _ in self.some(4 * self.busy):
            self.add("ruling", self.ruling_row())
        as_of = self.make_as_of()
        self.make_reads(punched, as_of, 0.9)
        self.site.as_of = text_of(as_of)
        return self.site

    def add_dark_day(self) -> None:
        """Every terminal out of order around somebody's due time, so that something is unverified."""
        if not self.chance(0.6):
            return
        person, day = self.person(), self.day()
        for n, session in list(enumerate(self.sessions(person, day), 1))[: self.rng.randint(1, 2)]:
            bound = self.rng.choice(session)
            start = bound - SECOND * self.rng.choice(self.words.dark_before)
            end = bound + SECOND * self.rng.choice([0, 599, 600, 1800, 3600])
            end = max(start, end)
            for terminal in self.site.terminals:
                row = {"terminal_id": terminal["id"], "start": text_of(start), "end": text_of(end + SECOND)}
                self.add("outage", row | {"kind": self.rng.choice(["no_punch", "lost"])})
            self.dark.append((person, day, n))
