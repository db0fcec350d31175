"""Fakes for the outside of a use case: terminals that answer as told, a clock that stands, a store that refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from punchsync.bootstrap import opened
from punchsync.bootstrap.bringing import bring_records
from punchsync.bootstrap.clocks import FixedClock
from punchsync.core.moment import Moment, parse_moment
from punchsync.core.reading import Memory, ReadFailure, Reading, Row
from punchsync.core.records import Terminal
from punchsync.operations.hall import Hall

Answer = Reading | ReadFailure | BaseException | Callable[[], Reading | ReadFailure]
STAFF = (
    "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    "P1,甲,公安局,公安,staff,1,,2026-11-09,\n"
    "P2,乙,公安局,公安,staff,2,,2026-11-09,\n"
)


def at(text: str) -> Moment:
    """A time of Monday the ninth of November 2026, or a whole moment."""
    return parse_moment(text if len(text) > 8 else f"2026-11-09 {text}")


EVENING = at("20:40:00")


def reading(terminal: str, *punches: tuple[str, str], **more: Any) -> Reading:
    """A good live read of these punches, each a user and a time."""
    rows = tuple(Row(n, f"{u}@{t}".encode(), u, at(t), "1", "0") for n, (u, t) in enumerate(punches))
    given = {"began": EVENING, "serial": f"S-{terminal}", "clock_offset": 0, "held": len(rows), "layout": "40"} | more
    return Reading(terminal, "tcp", "192.0.2.21:4370", f"{terminal}{rows}", rows, **given)


class FakeReader:
    """Terminals that answer as told; notes what it was asked, with what was known."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: dict[str, list[tuple[Memory, bool, bool]]] = {}

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        self.asked.setdefault(terminal, []).append((memory, full, replaced))
        answer = self.answers[terminal]
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer


class Refusing:
    """A store that can't take the readings of some terminals; counts what was written."""

    def __init__(self, store: Any, *bad: str) -> None:
        self.writes: list[list[str]] = []
        self._store = store
        self._bad = bad

    def reading(self) -> Any:
        return self._store.reading()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        added: list[str] = []
        with self._store.writing() as work:
            yield _Work(work, added, self._bad)
        self.writes.append(added)


class _Work:
    def __init__(self, work: Any, added: list[str], bad: tuple[str, ...]) -> None:
        self._work, self._added, self._bad = work, added, bad

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    @property
    def readings(self) -> Any:
        return _Readings(self._work.readings, self._added, self._bad)


class _Readings:
    def __init__(self, readings: Any, added: list[str], bad: tuple[str, ...]) -> None:
        self._readings, self._added, self._bad = readings, added, bad

    def __getattr__(self, name: str) -> Any:
        return getattr(self._readings, name)

    def add(self, new: Reading, when: Moment) -> Any:
        if new.terminal in self._bad:
            raise OSError(new.terminal)
        self._added.append(new.terminal)
        return self._readings.add(new, when)


@contextmanager
def hall_of(
    folder: Path, answers: Mapping[str, Answer], *, bad: tuple[str, ...] = (), staff: str = STAFF
) -> Iterator[tuple[Hall, FakeReader, Refusing]]:
    """A hall of two people whose terminals answer so, with its reader and its store."""
    folder.mkdir()
    (folder / "punchsync.toml").write_text('[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n', encoding="utf-8")
    with opened(folder) as site:
        assert not bring_records(site, "staff", staff.encode(), "staff.csv", False).problems
        reader, store = FakeReader(answers), Refusing(site.store, *bad)
        terminals = tuple(Terminal(id) for id in answers)
        yield (
            replace(site.hall, terminals=terminals, reader=reader, store=store, clock=FixedClock(EVENING)),
            reader,
            store,
        )
