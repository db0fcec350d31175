"""What comes back from the interface, field by field; moments as hall time `YYYY-MM-DD HH:MM:SS`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Stranger(BaseModel):
    """A device user id that nobody has on the day."""

    terminal: str
    device_user_id: str


class BroughtIn(BaseModel):
    """What an import did: rows in the file, those that were new or different, those of sealed days left out."""

    kind: str
    rows: int
    changed: int
    dry_run: bool
    left_out: int
    unknown_ids: list[Stranger]


class Terminal(BaseModel):
    """A terminal: until when its punches are known for sure, and how its reads went."""

    terminal: str
    windows: list[str]
    live: bool
    state: Literal["ok", "behind", "silent", "lost", "file_only"]
    through: str | None
    last_read: str | None
    last_failure: str | None
    last_failure_at: str | None
    records: int
    clock_offset_seconds: int | None


class Terminals(BaseModel):
    """All terminals, as of the last settle."""

    as_of: str
    terminals: list[Terminal]


class Check(BaseModel):
    """One thing that was looked at; `reason` is empty where all is well."""

    name: str
    ok: bool
    value: str | int | float | bool | None
    reason: str


class Health(BaseModel):
    """What `/readyz` says."""

    status: Literal["ok", "fail"]
    checks: list[Check]


class Period(BaseModel):
    """A month: whether it is closed, and as of when it was settled last."""

    month: str
    state: Literal["open", "closed"]
    settled_as_of: str | None
    closed_at: str | None


class Periods(BaseModel):
    """Every month that was ever settled."""

    periods: list[Period]


class Version(BaseModel):
    """Who answers: the program, the hall, its rules, its time."""

    version: str
    hall: str
    name: str
    pack: str
    timezone: str
    now: str
