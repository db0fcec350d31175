"""A hall of three hundred people with a year of data, for measuring pages: built once in a folder, or found there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from punchsync.bootstrap import opened
from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.account import ROLES, Account
from punchsync.core.calendar import day_kind
from punchsync.core.moment import parse_moment, to_day
from punchsync.operations.settle import settle

PEOPLE, WINDOWS, UNITS, TERMINALS = 300, 45, 20, 4
FIRST, NOW = date(2025, 11, 21), "2026-11-20 10:00:00"
PASSWORD = "measured-not-guessed"
USUAL = ("08:2{}", "12:0{}", "14:2{}", "17:3{}")


def toml() -> str:
    """The site's settings."""
    text = '[hall]\nid = "year"\nname = "年度县政务服务中心"\npack = "yihuang"\n'
    text += '[desk]\nlisten = "127.0.0.1:0"\nproxies = ["127.0.0.1"]\nboard = ["127.0.0.1"]\n'
    for n in range(1, TERMINALS + 1):
        windows = ", ".join(f'"窗口{w:02}"' for w in range(WINDOWS) if w % TERMINALS == n - 1)
        text += f'[[terminal]]\nid = "T{n}"\nwindows = [{windows}]\n'
    return text


def workdays(kind_of: object) -> Iterator[date]:
    """The working days of the year."""
    day = FIRST
    while day <= date.fromisoformat(NOW[:10]):
        if kind_of(to_day(day)) == "work":  # type: ignore[operator] # a function
            yield day
        day += timedelta(1)


def build(folder: Path) -> Path:
    """The site in a folder; one that is there already is taken as it is."""
    if (folder / "built").exists():
        return folder
    random.seed(7)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "punchsync.toml").write_text(toml(), encoding="utf-8")
    at = parse_moment(NOW)
    with opened(folder, at) as site:
        calendar = site.hall.published()
        days = list(workdays(lambda day: day_kind(calendar, day)))
        people = [f"{1000 + n}" for n in range(PEOPLE)]
        staff = ["person_id,name,unit,window,post,device_user_id,backup_for,from,to"]
        for n, id in enumerate(people):
            backup = people[n + WINDOWS] if n + WINDOWS < PEOPLE and n % 3 == 0 else ""
            window = n % WINDOWS
            staff.append(
                f"{id},张{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n},单位{window % UNITS:02},窗口{window:02},"
                f"{'lead' if n < WINDOWS else 'staff'},{n + 1},{backup},{FIRST},"
            )
        taken(bring_records(site, "staff", "\n".join(staff).encode(), "staff.csv"))
        leave = ["leave_id,person_id,kind,start,end,registered_at,approvals"]
        for n in range(1500):
            day = random.choice(days)
            kind = random.choice(("personal", "sick", "annual", "official"))
            leave.append(
                f"L{n},{random.choice(people)},{kind},{day} am,{day} pm,{day - timedelta(1)} 16:00:00,"
                "window_lead;centre_leader;inspection"
            )
        taken(bring_records(site, "leave", "\n".join(leave).encode(), "leave.csv"))
        incidents = ["incident_id,person_id,window,kind,at,noted_by,place,evidence"]
        for n in range(600):
            kind = random.choice(("no_badge", "off_post", "games"))
            incidents.append(f"D{n},{random.choice(people)},,{kind},{random.choice(days)} 10:1{n % 10}:00,督查甲,大厅,")
        taken(bring_records(site, "incident", "\n".join(incidents).encode(), "incident.csv"))
        for terminal in range(TERMINALS):
            rows = [
                line
                for n in range(PEOPLE)
                if n % WINDOWS % TERMINALS == terminal
                for day in days
                for line in lines(n + 1, day)
            ]
            for month in sorted({row[10:17] for row in rows}):
                part = sorted((r for r in rows if r[10:17] == month), key=lambda r: r[10:29])
                last = max(r[10:29] for r in part)
                data = "".join(part).encode()
                through = at - 600 if month == NOW[:7] else parse_moment(last)
                taken(bring_punches(site, data, "1_attlog.dat", f"T{terminal + 1}", through))
        settle(site.hall, at)
        accounts(site, at)
    (folder / "built").touch()
    return folder


def lines(user: int, day: date) -> Iterator[str]:
    """A person's punches of a day in a terminal's file; late or missing now and then."""
    for n, clock in enumerate(USUAL):
        if str(day) == NOW[:10] and n:
            return
        chance = random.random()
        if chance < 0.005:
            continue
        at = "08:5{}" if n == 0 and chance > 0.985 else clock
        yield f"{user:>9}\t{day} {at.format(random.randrange(10))}:{random.randrange(60):02}\t1\t0\t0\t0\n"


def accounts(site: object, at: int) -> None:
    """One account of every role."""
    from punchsync.desk.access.passwords import hashed

    word = hashed(PASSWORD)
    with site.store.writing() as work:  # type: ignore[attr-defined] # a site
        for role in ROLES:
            person = "1000" if role in ("window_lead", "staff") else ""
            unit = "单位00" if role == "unit" else ""
            work.accounts.put(Account(role, role, role, person, (), unit, "active", word, "", False, 0, None, at, at))


def taken(done: object) -> None:
    """An import that must succeed."""
    problems = [p.show() for p in done.problems[:3]]  # type: ignore[attr-defined] # what an import gives
    if problems:
        raise RuntimeError(problems)
