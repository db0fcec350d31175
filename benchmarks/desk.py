"""Every page of a desk with three hundred people and a year of data, beside a page with nothing on it.

The server's own time of each request (`Server-Timing`), the pages one after the other in rounds so that a noisy moment
hits all of them. The bound is ten times the empty page's p95, fifteen for the preview of a leave.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import httpx
import structlog
from limits import RateLimitItem

from benchmarks.desk_hall import NOW, PASSWORD, build
from punchsync.bootstrap import Site
from punchsync.cli import COLLECTING
from punchsync.core.moment import parse_moment
from punchsync.desk.access.throttle import Throttle
from punchsync.desk.app import app
from punchsync.desk.desk import Desk
from punchsync.desk.listen import Listener
from punchsync.desk.web import furnish

ROUNDS = 25
EMPTY = "/nothing-here"
BOUND, PREVIEW = 10.0, 15.0


class Asked(NamedTuple):
    """A page to ask for: method, address, form, bound."""

    path: str
    form: dict[str, str] | None = None
    bound: float = BOUND


class Clock:
    """Stands at the end of the year's data."""

    def now(self) -> int:
        return parse_moment(NOW)


class Well:
    """A probe's answer."""

    ok = True
    checks = ()


class Unhurried(Throttle):
    """Lets everything pass: how often one user may ask is not what is measured."""

    def passes(self, limit: RateLimitItem, who: str) -> bool:
        return True


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Site]]:
    """A site's desk on a thread of this process."""
    with Site(folder) as site:
        site.hall = replace(site.hall, clock=Clock())
        made = app(lambda: Well(), lambda: Well(), lambda accept: (b"", "text/plain"))
        desk = Desk(site)
        desk.throttle = Unhurried()
        furnish(made, desk)
        listener = Listener(made, "127.0.0.1:0")
        listener.start()
        try:
            yield f"http://{listener.address}", site
        finally:
            listener.end()
            listener.ended(10)


def token(client: httpx.Client, path: str) -> str:
    """The secret of a page's form."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    if found is None:
        raise RuntimeError(path)
    return found.group(1)


def login(client: httpx.Client, role: str) -> str:
    """Log in; returns the session's secret for forms."""
    data = {"csrf": token(client, "/login"), "login": role, "password": PASSWORD}
    if client.post("/login", data=data).status_code != 303:
        raise RuntimeError(role)
    return token(client, "/password")


def pages(site: Site) -> list[Asked]:
    """What is measured: every page of the menu, and those of a person, a window, a day, an entry."""
    with site.store.reading() as work:
        entry = next(iter(work.ledger.of_account("person", "1000", 1, 3_652_059)), None)
        violation = next((v.id for v in work.months.violations(739_550, 739_580) if v.person), "")
    found = [
        "/today", "/tasks", "/leave", "/leave/new", "/leave/calendar?month=2026-11", "/leave/L7", "/standins",
        "/outings", "/patrol", "/patrol/walk?window=窗口00", "/papers", "/outages", "/rosters", "/staff",
        "/staff/person?id=1000", "/import", "/review", "/review/suspicions", "/review/defects", "/review/ids",
        "/requests", "/requests/new?person=1000", "/appeals", "/appeals/new?person=1000", "/people",
        "/person/1000?month=2026-10", "/person/1000/2026-10-15", "/person/1000/statement?period=2026-10", "/windows",
        "/window/窗口00?month=2026-10", "/window/窗口00/2026-10-15", "/ledger", "/ledger?month=2026-10",
        "/ranking", "/outcomes", "/bulletins", "/rules", "/rules/what-if", "/terminals",
        "/terminals/T1", "/board",
    ]  # fmt: skip
    found += [f"/entry/{entry.entry_id}"] if entry else []
    found += [f"/violation/{violation}"] if violation else []
    return [Asked(path) for path in found]


def time_of(answer: httpx.Response) -> float:
    """The server's time of an answer, in milliseconds."""
    found = re.search(r"dur=([\d.]+)", answer.headers.get("server-timing", ""))
    return float(found.group(1)) if found else float("nan")


def p95(values: list[float]) -> float:
    """The value that 95 of 100 are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def main(rounds: int = ROUNDS, keep: str = "") -> int:
    """Print a line a page; returns how many are beyond their bound."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    beyond = 0
    gc.set_threshold(*COLLECTING)
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(keep)) if keep else build(Path(folder) / "built")
        site_folder = shutil.copytree(made, Path(folder) / "site")
        with served(site_folder) as (url, site), httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            secret = login(client, "clerk")
            leave = {
                "csrf": secret, "who": "1007", "kind": "personal", "start": "2026-11-23", "end": "2026-11-24",
            }  # fmt: skip
            asked = [Asked(EMPTY), *pages(site), Asked("/leave/preview", leave, PREVIEW)]
            times: dict[str, list[float]] = defaultdict(list)
            statuses: dict[str, int] = {}
            for number in range(rounds + 1):
                for each in asked:
                    try:
                        answer = client.get(each.path) if each.form is None else client.post(each.path, data=each.form)
                    except httpx.HTTPError as error:
                        raise RuntimeError(each.path) from error
                    statuses[each.path] = answer.status_code
                    if number:  # the first round compiles templates and lays out what is known
                        times[each.path].append(time_of(answer))
            empty = p95(times[EMPTY])
            print(f"load {os.getloadavg()[0]:.1f}; an empty page p95 {empty:.1f} ms; {rounds} rounds: median, p95")
            for each in asked[1:]:
                took, half = p95(times[each.path]), sorted(times[each.path])[rounds // 2]
                ratio = took / empty
                mark = "  BEYOND" if ratio > each.bound else ""
                beyond += bool(mark)
                print(
                    f"  {each.path:<48} {statuses[each.path]} {half:7.1f} {took:7.1f} ms"
                    f" {ratio:6.1f} of {each.bound:.0f}{mark}"
                )
    return beyond


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, sys.argv[2] if len(sys.argv) > 2 else "")))
