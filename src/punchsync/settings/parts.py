"""The parts of a site's settings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from punchsync.core.clock import MAX_CORRECTION
from punchsync.settings.kinds import (
    Clock,
    Event,
    Id,
    Network,
    QuietHours,
    Secret,
    a_listener,
    a_store,
    a_zone,
    an_address,
    an_issuer,
)
from punchsync.texts import _


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class HallPart(Part):
    id: Id
    name: Annotated[str, Field(min_length=1, max_length=100)]
    pack: Annotated[str, Field(min_length=1)]
    timezone: Annotated[str, AfterValidator(a_zone)] = "Asia/Shanghai"
    answers: dict[str, str] = {}
    interpretations: dict[str, str] = {}


class StorePart(Part):
    url: Annotated[str, AfterValidator(a_store)] = "sqlite:///data/punchsync.db"


class TerminalPart(Part):
    id: Id
    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9_.:\-]+$")] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 4370
    transport: Literal["tcp", "udp"] = "tcp"
    comm_key: Secret | None = None
    checks: bool = True
    plan: Literal["auto", "full", "tail", "range"] = "auto"
    layout: Literal["", "8", "8b", "16", "40", "49", "40p", "49p"] = ""
    max_correction: Annotated[int, Field(ge=0, le=86_400)] = MAX_CORRECTION
    set_clock: Annotated[int, Field(ge=3, le=86_400)] | None = None
    windows: tuple[str, ...] | None = None
    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _in_order(self) -> TerminalPart:
        if self.id == "paper":
            raise ValueError(_("除 paper 以外的编号（paper 留给补签）"))
        if self.first and self.last and self.last < self.first:
            raise ValueError(_("停用日不早于启用日"))
        return self


class SchedulePart(Part):
    polls: Annotated[tuple[Clock, ...], Field(min_length=1)] | None = None
    nightly: Clock | None = None
    bulletins: tuple[Literal["daily", "weekly", "monthly", "quarterly"], ...] = (
        "daily", "weekly", "monthly", "quarterly",
    )  # fmt: skip
    backup: Clock | Literal["off"] = "23:10"
    verify: Clock | Literal["off"] = "23:30"


class BackupPart(Part):
    folder: Annotated[str, Field(min_length=1)] = "backups"
    also: Annotated[str, Field(min_length=1)] | None = None
    recipient: Annotated[str, Field(pattern=r"^age1[0-9a-z]{58}$")] | None = None
    days: Annotated[int, Field(ge=1, le=366)] = 7
    weeks: Annotated[int, Field(ge=0, le=520)] = 4
    months: Annotated[int, Field(ge=0, le=240)] = 12


class RetentionPart(Part):
    punches: Annotated[int, Field(ge=1, le=100)] | None = None
    records: Annotated[int, Field(ge=1, le=100)] | None = None
    bulletins: Annotated[int, Field(ge=1, le=100)] | None = None
    names: Annotated[int, Field(ge=1, le=100)] | None = None
    access: Annotated[int, Field(ge=6, le=1200)] = 12


class AttentionPart(Part):
    silent: Annotated[int, Field(ge=1, le=720)] = 24
    disk: Annotated[int, Field(ge=1, le=1_000_000)] = 1024
    backup: Annotated[int, Field(ge=1, le=720)] = 48
    escalate: Annotated[int, Field(ge=1, le=720)] = 24


class ScoringPart(Part):
    sink: Literal["sql", "http", "none"] = "none"
    url: Annotated[str | None, AfterValidator(an_address), Field(validate_default=True)] = None
    secret: Secret | None = None
    token: Secret | None = None
    batch: Annotated[int, Field(ge=1, le=5_000)] = 200
    timeout: Annotated[int, Field(ge=1, le=300)] = 20


class AppealsPart(Part):
    days: Annotated[int, Field(ge=1, le=366)] | None = None


Form = Literal["md", "html", "xlsx", "docx", "pdf", "txt"]
Level = Literal["full", "masked", "numbers"]


class BulletinPart(Part):
    forms: tuple[Form, ...] = ("md", "docx", "pdf", "xlsx", "html", "txt")
    levels: dict[Form, Level] = {}
    desk: Level = "masked"
    line: Annotated[int, Field(ge=4, le=100)] = 16


class OidcPart(Part):
    issuer: Annotated[str, AfterValidator(an_issuer)]
    client: Annotated[str, Field(min_length=1, max_length=200)]
    secret: Secret | None = None
    claim: Annotated[str, Field(min_length=1, max_length=60)] = "sub"
    name: Annotated[str, Field(min_length=1, max_length=40)] | None = None


class DeskPart(Part):
    listen: Annotated[str, AfterValidator(a_listener)] = "off"
    https: bool = False
    proxies: tuple[Network, ...] = ()
    idle: Annotated[int, Field(ge=5, le=720)] = 60
    upload: Annotated[int, Field(ge=1, le=256)] = 32
    board: tuple[Network, ...] = ()
    names: Literal["masked", "full", "none"] = "masked"
    make_ups: Annotated[int, Field(ge=0, le=31)] = 1
    oidc: OidcPart | None = None


class NotifyPart(Part):
    url: Secret
    on: tuple[Event, ...] = ()
    after: Annotated[int, Field(ge=0, le=720)] = 0
    level: Literal["full", "masked", "numbers"] = "masked"
    quiet: QuietHours = ""


class PersonalPart(Part):
    url: Secret | None = None
    on: tuple[Literal["booked", "reversed"], ...] = ("booked", "reversed")
    quiet: QuietHours = ""
