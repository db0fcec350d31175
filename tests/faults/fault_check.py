"""What must hold of a site's store, however it came to be as it is."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from fault_service import Marks, fingerprint
from fault_world import Punch, World

import pictures
from pictures import Picture
from punchsync.bootstrap import opened
from punchsync.core.moment import to_moment
from punchsync.operations.verify import verify
from punchsync.store.store import SqlStore

LOST = "the store lost what was committed"
FILES = ("punchsync.db", "punchsync.db-wal", "punchsync.db-shm")


def image(site: Path, to: Path, *, shm: bool = True) -> Path:
    """A copy of a store's files as they lie there, with or without the shared memory's."""
    to.mkdir(parents=True)
    for name in FILES[: 3 if shm else 2]:
        if (site / "data" / name).exists():
            shutil.copyfile(site / "data" / name, to / name)
    return to / FILES[0]


class Checker:
    """Opens images of one hall's store and says what is wrong with them."""

    def __init__(self, site: Path) -> None:
        self._site = opened(site)
        self._hall = self._site.__enter__().hall

    def close(self) -> None:
        self._site.__exit__(None, None, None)

    def faults(self, store: Path, marks: Marks | None = None, *, whole: bool = True) -> Iterator[str]:
        """What is wrong with a store's file: broken, not clean by `verify`, or not a state that was committed."""
        if not store.exists():
            yield "no store"
            return
        try:
            with closing(sqlite3.connect(store)) as db:
                said = db.execute("PRAGMA quick_check").fetchall()
                state = fingerprint(db)
        except sqlite3.Error as error:
            yield f"can't be read: {error}"
            return
        if said != [("ok",)]:
            yield f"quick_check: {said[:3]}"
            return
        if marks is not None and not marks.may_be(state):
            yield LOST if state in marks.states else "the store is in no state that was ever committed"
        if whole:
            yield from self.unverified(store)

    def unverified(self, store: Path) -> Iterator[str]:
        """What `verify` finds."""
        made = SqlStore(f"sqlite:///{store}", self._hall.id, self._hall.name)
        try:
            found = verify(replace(self._hall, store=made))
        finally:
            made.close()
        if found.differences:
            yield f"verify: {found.differences[:2]}"


def picture(site: Path) -> Picture:
    """What a site holds now, its rankings included."""
    return pictures.picture(site, "ranking")


def stored(site: Path) -> Counter[tuple[str, str, int]]:
    """The punches in a site's store: terminal, device user id, moment."""
    from punchsync.core.moment import FOREVER

    with opened(site) as open_site, open_site.store.reading() as work:
        return Counter((p.terminal, p.device_user_id, p.at) for p in work.punches.stored(0, FOREVER))


def unheld(site: Path, punched: Iterable[Punch]) -> Iterator[str]:
    """How the punches in a store differ from those that were made."""
    held = stored(site)
    made = Counter((terminal, user, to_moment(hall)) for _at, terminal, user, hall in punched)
    if held != made:
        yield f"punches: {(held - made).total()} too many, {(made - held).total()} missing"


def bulletins(site: Path) -> list[tuple[str, str, int]]:
    """The bulletins issued: kind, period, number, in the order of the numbers."""
    with closing(sqlite3.connect(f"file:{site}/data/punchsync.db?mode=ro", uri=True)) as db:
        return [tuple(r) for r in db.execute("SELECT kind, period, number FROM bulletin ORDER BY kind, year, number")]


def misissued(site: Path, days: Iterable[str]) -> Iterator[str]:
    """What is wrong with the daily bulletins: each of these days once, numbered on end, its file saying its number."""
    found = [(period, number) for kind, period, number in bulletins(site) if kind == "daily"]
    wanted = sorted(days)
    if sorted(period for period, _ in found) != wanted:
        got = Counter(period for period, _ in found)
        yield f"bulletins: {(got - Counter(wanted)).total()} too many, {(Counter(wanted) - got).total()} missing"
    if [number for _, number in found] != list(range(1, len(found) + 1)):
        yield f"bulletin numbers: {[number for _, number in found]}"
    for period, number in found:
        file = site / "bulletins" / f"daily-{period}.md"
        text = file.read_text("utf-8") if file.exists() else "nothing"
        if f"第 {number} 号" not in text:
            yield f"the file of {period} is not number {number}: {text[:40]}"


def unannounced(site: Path, *codes: str) -> Iterator[str]:
    """States that needed somebody and were not booked as such."""
    with closing(sqlite3.connect(f"file:{site}/data/punchsync.db?mode=ro", uri=True)) as db:
        found = {code for (code,) in db.execute("SELECT code FROM attention")}
    yield from (f"no attention was asked for {code}; only for {sorted(found)}" for code in codes if code not in found)


def world_days(world: World, until: int | None = None) -> list[str]:
    """The days that a world has seen closed."""
    return [
        f"{world.plan.hall(world.plan.at(n, '12:00')):%Y-%m-%d}"
        for n in range(world.plan.days)
        if world.plan.at(n, world.plan.nightly) <= (world.now if until is None else until)
    ]


def said(events: Iterable[dict[str, Any]], event: str, **fields: Any) -> list[dict[str, Any]]:
    """The events of that name with these fields."""
    return [e for e in events if e["event"] == event and all(e.get(k) == v for k, v in fields.items())]
