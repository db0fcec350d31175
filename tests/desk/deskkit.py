"""A small hall with three weeks of punches, its desk with an account of every role, and somebody who asks for pages.

The hall's clock stands at `NOW` until a test moves it. Every name is plainly invented.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from limits import RateLimitItem

from punchsync.bootstrap import Site, opened
from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.account import Account
from punchsync.core.moment import DAY, HOUR, Moment, parse_day, parse_moment, show_moment, weekday
from punchsync.desk.access import passwords
from punchsync.desk.access.throttle import Throttle
from punchsync.desk.app import app
from punchsync.desk.desk import Desk
from punchsync.desk.listen import Listener
from punchsync.desk.web import furnish
from punchsync.operations.settle import settle

NOW = "2026-11-20 10:00:00"
FIRST = "2026-11-02"
PASSWORD = "山高月小水落石出了"
TOML = """
[hall]
id = "demo"
name = "示范县政务服务中心"
pack = "yihuang"
[desk]
listen = "127.0.0.1:0"
proxies = ["127.0.0.1"]
[[terminal]]
id = "T1"
windows = ["公安", "税务", "社保"]
[[terminal]]
id = "T2"
windows = ["不动产", "民政"]
"""
STAFF_HEAD = "person_id,name,unit,window,post,device_user_id,backup_for,from,to"
PEOPLE = (
    ("1001", "甲一", "县公安局", "公安", "lead", "1", ""),
    ("1002", "甲二", "县公安局", "公安", "staff", "2", "1001"),
    ("1003", "欧阳见微知著", "县公安局", "公安", "staff", "3", ""),
    ("1004", "乙一", "县税务局", "税务", "lead", "4", ""),
    ("1005", "乙二", "县税务局", "税务", "staff", "5", ""),
    ("1006", "丙一", "县人社局", "社保", "lead", "6", ""),
    ("1007", "丙二", "县人社局", "社保", "staff", "7", ""),
    ("1008", "丁一", "县自然资源局", "不动产", "lead", "8", ""),
    ("1009", "丁二", "县自然资源局", "不动产", "staff", "9", ""),
    ("1010", "戊一", "县民政局", "民政", "staff", "10", ""),
)
"""Person, name, unit, window, post, device user id, backup for."""
USUAL = ("08:21", "12:01", "14:21", "17:32")
ACCOUNTS = (
    # login, name, role, person, unit
    ("clerk", "经办甲", "clerk", "", ""),
    ("inspector", "督查乙", "inspector", "", ""),
    ("leader", "主任丙", "leader", "", ""),
    ("lead", "甲一", "window_lead", "1001", ""),
    ("unit", "公安局联络员", "unit", "", "县公安局"),
    ("staff", "欧阳见微知著", "staff", "1003", ""),
    ("admin", "管理员", "admin", "", ""),
)
ROLES = {role: login for login, _name, role, _person, _unit in ACCOUNTS}


class StandingClock:
    """The hall's clock: stands until it is moved."""

    def __init__(self, at: str = NOW) -> None:
        self.moment: Moment = parse_moment(at)

    def now(self) -> Moment:
        return self.moment


def account(login: str, role: str, name: str = "", person: str = "", unit: str = "", **more: Any) -> Account:
    """An account that is active, with `PASSWORD`."""
    at = parse_moment(FIRST + " 08:00:00")
    made = Account(
        login, name, role, person, (), unit, "active", passwords.hashed(PASSWORD), "", False, 0, None, at, at
    )  # fmt: skip
    return made._replace(**more)


def attlog(people: Mapping[str, Mapping[str, tuple[str, ...]]]) -> bytes:
    """A terminal's USB file: by device user id and date the times of day."""
    rows = [(date, clock, user) for user, days in people.items() for date, clocks in days.items() for clock in clocks]
    return "".join(f"{user:>9}\t{date} {clock}:00\t1\t0\t0\t0\n" for date, clock, user in sorted(rows)).encode()


def punches() -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
    """By terminal, device user id and date: everybody on time, but for a few."""
    days = [d for d in range(parse_day(FIRST), parse_day(NOW[:10]) + 1) if weekday(d) < 5]
    out: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {"T1": {}, "T2": {}}
    for number, (_person, _name, _unit, window, _post, user, _backup) in enumerate(PEOPLE):
        terminal = "T2" if window in ("不动产", "民政") else "T1"
        mine = out[terminal].setdefault(user, {})
        for day in days:
            date = show_moment(day * DAY)[:10]
            mine[date] = USUAL[:1] if date == NOW[:10] else USUAL
        if number == 2:  # late twice and away for a half-day
            mine["2026-11-04"] = ("08:55", *USUAL[1:])
            mine["2026-11-11"] = ("08:42", *USUAL[1:])
            mine["2026-11-12"] = USUAL[:2]
        if number == 4:
            mine["2026-11-05"] = (*USUAL[:3], "17:01")
    return out


def build(folder: Path) -> Path:
    """The site, settled as of `NOW`, with an account of every role."""
    folder.mkdir(parents=True)
    (folder / "punchsync.toml").write_text(TOML, encoding="utf-8")
    at = parse_moment(NOW)
    with opened(folder, at) as site:
        rows = [",".join([*person, "2026-11-01", ""]) for person in PEOPLE]
        done = bring_records(site, "staff", "\n".join([STAFF_HEAD, *rows]).encode(), "staff.csv")
        assert not done.problems, done.problems
        leave = "leave_id,person_id,kind,start,end,registered_at,approvals\n"
        leave += (
            "L1,1007,personal,2026-11-20 am,2026-11-20 pm,2026-11-19 16:00:00,window_lead;centre_leader;inspection\n"
        )
        assert not bring_records(site, "leave", leave.encode(), "leave.csv").problems
        for terminal, people in punches().items():
            through = at - (HOUR if terminal == "T2" else 60)
            assert not bring_punches(site, attlog(people), "1_attlog.dat", terminal, through).problems
        settle(site.hall, at)
        with site.store.writing() as work:
            for login, name, role, person, unit in ACCOUNTS:
                work.accounts.put(account(login, role, name, person, unit))
    return folder


class Unhurried(Throttle):
    """Lets everything pass: how often one may ask is one test's business."""

    def passes(self, limit: RateLimitItem, who: str) -> bool:
        return True


class Browser:
    """Somebody at the desk of a hall; `clock` moves the hall's time."""

    def __init__(self, url: str, desk: Desk, clock: StandingClock, address: str = "10.0.0.7") -> None:
        self.desk, self.clock, self.site, self.url = desk, clock, desk.site, url
        self.client = httpx.Client(base_url=url, headers={"x-forwarded-for": address}, timeout=30, trust_env=False)
        self._others: list[Browser] = []

    def other(self, address: str = "10.0.0.8") -> Browser:
        """Another browser, with no login."""
        self._others.append(Browser(self.url, self.desk, self.clock, address))
        return self._others[-1]

    def close(self) -> None:
        """Close all connections."""
        for each in self._others:
            each.close()
        self.client.close()

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def token(self, path: str = "/login") -> str:
        """The secret of a page's form."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found.group(1)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, at: str = "/password", **more: Any) -> Any:
        """Send a form as a page of ours has it."""
        return self.client.post(path, data={"csrf": self.token(at), **(data or {})}, **more)

    def login(self, login: str, password: str = PASSWORD) -> Any:
        """Log in by the form."""
        return self.post("/login", {"login": login, "password": password}, at="/login")

    def as_role(self, role: str) -> Browser:
        """Logged in with the role's account."""
        answer = self.login(ROLES[role])
        assert answer.status_code == 303, answer.text
        return self

    def settle(self) -> None:
        """Do now what the service does when a change was made."""
        with self.site.store.reading() as work:
            settled = work.runs.settled_as_of()
        assert settled is not None
        settle(self.site.hall, settled, due_only=True)


def text_of(answer: Any) -> str:
    """What a reader sees of a page, its blanks as one."""
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(bare).split())


def copied(template: Path, folder: Path) -> Path:
    """A site of one's own."""
    shutil.copytree(template, folder)
    return folder


@contextmanager
def desk_of(folder: Path, clock: StandingClock | None = None) -> Iterator[Browser]:
    """A site's desk, on a thread of this process."""
    here = clock or StandingClock()
    with Site(folder) as site:
        site.hall = replace(site.hall, clock=here)
        desk = Desk(site)
        made = app(lambda: Well(), lambda: Well(), lambda accept: (b"", "text/plain"))
        furnish(made, desk)
        listener = Listener(made, "127.0.0.1:0")
        listener.start()
        browser = Browser(f"http://{listener.address}", desk, here)
        try:
            yield browser
        finally:
            browser.close()
            listener.end()
            assert listener.ended(10)


class Well:
    """A probe's answer: all is well."""

    ok = True
    checks = ()
