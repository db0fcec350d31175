"""A small hall for the command line's tests: its folder, its files, its commands."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from oracle.validity import COLUMNS

from .commandline import Ran, export, punchsync

MONDAY = "2026-11-09"
LATER = "2026-11-10 12:00:00"
TOML = """
[hall]
id = "demo"
name = "示范县政务服务中心"
pack = "yihuang"
[[terminal]]
id = "T1"
"""

Row = Mapping[str, str]


def staff(person: str = "P1", **more: str) -> dict[str, str]:
    row = {"person_id": person, "name": "甲", "unit": "公安局", "window": "公安", "post": "staff"}
    row |= {"device_user_id": person[1:], "backup_for": "", "from": MONDAY, "to": MONDAY}
    return row | {key.rstrip("_"): value for key, value in more.items()}


def table(kind: str, rows: Sequence[Row]) -> str:
    """Rows under the columns of their kind, or under their own where they have others."""
    columns = COLUMNS.get(kind, ()) if all(set(r) <= set(COLUMNS.get(kind, ())) for r in rows) else tuple(rows[0])
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def attlog(*punched: str, user: str = "1", date: str = MONDAY) -> str:
    """A terminal's USB file of one user's punches."""
    return "".join(f"{user:>9}\t{at if len(at) > 10 else f'{date} {at}'}\t1\t0\t0\t0\n" for at in punched)


class Hall:
    """One site, with the commands that tests give it."""

    def __init__(self, path: Path, settings: str = TOML) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        (path / "punchsync.toml").write_text(settings, encoding="utf-8")

    def run(self, *args: str) -> Ran:
        return punchsync(self.path, *args)

    def done(self, *args: str) -> str:
        """A command that must succeed; what it said."""
        ran = self.run(*args)
        assert ran.status == 0, ran
        return ran.out

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bring(self, kind: str, *rows: Row) -> Ran:
        """Import rows of a kind."""
        return self.run("import", kind, str(self.write(f"{kind}.csv", table(kind, rows))))

    def refused(self, kind: str, text: str | bytes, *args: str) -> list[str]:
        """Import a bad file: status 3, nothing stored; every line said but the last, which counts them."""
        before = self.exports()
        path = self.write(f"bad_{kind}", text)
        ran = self.run("import", kind, str(path), *args)
        assert (ran.status, ran.out) == (3, ""), ran
        assert self.exports() == before
        *lines, count = ran.err.splitlines()
        assert str(len(lines)) in count
        return lines

    def punch(self, *clocks: str, through: str = LATER, terminal: str = "T1", user: str = "1") -> Ran:
        """Import a USB file of one user's punches on Monday."""
        path = self.write("1_attlog.dat", attlog(*clocks, user=user))
        word = ["--through", through] if through else []
        return self.run("import", "punches", str(path), "--terminal", terminal, *word)

    def settle(self, as_of: str = LATER, *args: str) -> Ran:
        return self.run("settle", "--as-of", as_of, *args)

    def verdicts(self) -> list[str]:
        """The verdicts of P1 in the order of the day."""
        order = {"in": 0, "out": 1}
        rows = [r for r in export(self.path, "verdicts") if r[1] == "P1"]
        return [r[7] for r in sorted(rows, key=lambda r: (r[0], r[2], order[r[3]]))]

    def violations(self) -> list[tuple[str, ...]]:
        """Session, kind and source."""
        return [(r[2], r[3], r[7]) for r in export(self.path, "violations")]

    def points(self) -> dict[str, str]:
        """Points of every account and category that has any."""
        return {f"{r[2]} {r[3]}": r[5] for r in export(self.path, "scores") if r[5] != "0"}

    def exports(self) -> dict[str, object]:
        """Every export there is."""
        return {kind: export(self.path, kind) for kind in ("punches", "verdicts", "violations", "ledger", "scores")}


def one_day(path: Path, *clocks: str, through: str = LATER, as_of: str = LATER, **tables: Sequence[Row]) -> Hall:
    """P1 posted on Monday with these punches, settled."""
    hall = Hall(path)
    assert hall.bring("staff", staff()).status == 0
    for kind, rows in tables.items():
        ran = hall.bring(kind, *rows)
        assert ran.status == 0, ran
    assert hall.punch(*clocks, through=through).status == 0
    assert hall.settle(as_of).status == 0
    return hall


def leave(start: str, end: str, **more: str) -> dict[str, str]:
    row = {
        "leave_id": "L1",
        "person_id": "P1",
        "kind": "annual",
        "start": f"{MONDAY} {start}",
        "end": f"{MONDAY} {end}",
    }
    row |= {"daily_from": "", "daily_to": "", "registered_at": "2026-11-01 08:00", "certificate": "no"}
    return row | {"approvals": "centre", "returned_at": ""} | more


def incident(id: str, at: str, kind: str = "wandering") -> dict[str, str]:
    row = {"incident_id": id, "person_id": "P1", "window": "", "kind": kind, "at": at, "noted_by": "督查员"}
    return row | {"place": "", "evidence": "", "warned": "no"}
