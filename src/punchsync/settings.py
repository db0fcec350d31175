"""A site's settings: `punchsync.toml`, then environment `PUNCHSYNC_…`, then credentials for secrets.

Every problem is reported at once, with file, key, what was found and what is allowed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import EnvSettingsSource

from punchsync.address import is_postgresql
from punchsync.core.attention import CODES
from punchsync.core.clock import MAX_CORRECTION
from punchsync.problems import Complaint, Refused, from_pydantic
from punchsync.texts import _

FILE = "punchsync.toml"
PREFIX = "PUNCHSYNC_"
ELSEWHERE = {"PUNCHSYNC_SITE", "PUNCHSYNC_LANG", "PUNCHSYNC_LOG", "PUNCHSYNC_DEBUG", "PUNCHSYNC_PYTHON"}
CREDENTIAL = "credential:"
EVENTS = ("bulletin", "outcome", "attention", *CODES)
"""What a channel may be told of; `attention` is every state that needs somebody."""


def a_zone(name: str) -> str:
    """A time zone's name; raises ValueError with an example."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_("时区名，如 Asia/Shanghai")) from None
    return name


def a_clock(text: str) -> str:
    """`HH:MM`; raises ValueError with what is allowed."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(_("时刻 HH:MM"))
    return text


def a_secret(text: str) -> str:
    """The name of a secret, never the secret; raises ValueError with what is allowed."""
    if not re.fullmatch(r"credential:[A-Za-z0-9_.-]+", text):
        raise ValueError(_("credential:名字(密码本身不写在这里)"))
    return text


def a_store(url: str) -> str:
    """The address of a store; raises ValueError with those there are."""
    if re.fullmatch(r"sqlite:///(?!file:).+|credential:[A-Za-z0-9_.-]+", url) or is_postgresql(url):
        return url
    raise ValueError(_("sqlite:///文件，或 postgresql+psycopg://用户@主机/库名，或 credential:名字（内容是地址）"))


def an_address(url: str | None, info: ValidationInfo) -> str | None:
    """Where a scoring store is, as its kind wants it; raises ValueError with what is allowed."""
    sink = info.data.get("sink", "none")
    if sink == "none" or (url is not None and re.fullmatch(r"credential:[A-Za-z0-9_.-]+", url)):
        return url
    if sink == "http" and not re.fullmatch(r"https?://[^\s/?#]+[^\s#]*", url or ""):
        raise ValueError(_("sink 为 http 时写 https://… 或 http://…，或 credential:名字"))
    if sink == "sql" and not re.fullmatch(r"(?!https?:)[A-Za-z][A-Za-z0-9+_]*://\S+", url or ""):
        raise ValueError(_("sink 为 sql 时写 SQLAlchemy 的数据库地址，如 sqlite:///文件，或 credential:名字"))
    return url


def an_id(text: str) -> str:
    """A short id; raises ValueError with what is allowed."""
    if not re.fullmatch(r"[^\s,;/@\x00-\x1f]{1,40}", text):
        raise ValueError(_("1 到 40 个字，不含空白、逗号、分号、/ 与 @"))
    return text


def a_listener(text: str) -> str:
    """`host:port` or `off`; raises ValueError with what is allowed."""
    if text != "off" and not re.fullmatch(r"[\w.\-\[\]:]+:\d{1,5}", text):
        raise ValueError(_("地址：端口，或 off"))
    return text


def an_event(text: str) -> str:
    """What a notice may be about; raises ValueError with what there is."""
    if text not in EVENTS:
        raise ValueError("、".join(EVENTS))
    return text


Clock = Annotated[str, AfterValidator(a_clock)]
Event = Annotated[str, AfterValidator(an_event)]
Secret = Annotated[str, AfterValidator(a_secret)]
Id = Annotated[str, AfterValidator(an_id)]


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


class DeskPart(Part):
    listen: Annotated[str, AfterValidator(a_listener)] = "off"


class NotifyPart(Part):
    url: Secret
    on: tuple[Event, ...] = ()
    after: Annotated[int, Field(ge=0, le=720)] = 0


class Settings(BaseSettings):
    """All settings of a site, validated."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__", case_sensitive=False
    )

    hall: HallPart
    store: StorePart = StorePart()
    terminal: tuple[TerminalPart, ...] = ()
    schedule: SchedulePart = SchedulePart()
    scoring: ScoringPart = ScoringPart()
    appeals: AppealsPart = AppealsPart()
    desk: DeskPart = DeskPart()
    notify: tuple[NotifyPart, ...] = ()
    backup: BackupPart = BackupPart()
    retention: RetentionPart = RetentionPart()
    attention: AttentionPart = AttentionPart()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before the file's values, which come as arguments."""
        return EnvSettingsSource(settings_cls), init_settings


KEYS: dict[str, list[str]] = {
    "": list(Settings.model_fields),
    **{
        name: [field.alias or key for key, field in part.model_fields.items()]
        for name, part in (
            ("hall", HallPart),
            ("store", StorePart),
            ("terminal", TerminalPart),
            ("schedule", SchedulePart),
            ("scoring", ScoringPart),
            ("appeals", AppealsPart),
            ("desk", DeskPart),
            ("notify", NotifyPart),
            ("backup", BackupPart),
            ("retention", RetentionPart),
            ("attention", AttentionPart),
        )
    },
}


def load(site: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a site's folder; raises Refused with every complaint at once."""
    path = site / FILE
    try:
        tree: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(
            [
                Complaint(
                    str(path), "", _("没有这个文件"), _("一个大厅的设置"), _("用 punchsync init 新建，或用 --site 指定")
                )
            ]
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = _("读不了（{error}）").format(error=error)
        raise Refused([Complaint(str(path), "", found, _("合乎 TOML 语法的 UTF-8 文件"))]) from None
    complaints = [
        Complaint(_("环境变量"), name, _("是未知的键"), "、".join(PREFIX + k.upper() + "…" for k in KEYS[""]))
        for name in sorted(environ)
        if name.startswith(PREFIX)
        and name not in ELSEWHERE
        and name[len(PREFIX) :].split("__")[0].lower() not in KEYS[""]
    ]
    try:
        settings = Settings(**tree)
    except ValidationError as error:
        raise Refused(complaints + from_pydantic(FILE, error.errors(), KEYS)) from None
    except Exception as error:
        raise Refused([*complaints, Complaint(_("环境变量"), "", str(error), _("值按 TOML 或 JSON 书写"))]) from None
    ids = [t.id for t in settings.terminal]
    complaints += [
        Complaint(FILE, "terminal.id", _("编号 {id} 出现了两次").format(id=id), _("每台考勤机一个编号"))
        for id in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if complaints:
        raise Refused(complaints)
    return settings


def secret(site: Path, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """A secret by its `credential:` name, from systemd's credentials directory or the site's `credentials/`.

    Raises Refused if it is in neither.
    """
    short = name.removeprefix(CREDENTIAL)
    folders = [Path(environ["CREDENTIALS_DIRECTORY"])] if environ.get("CREDENTIALS_DIRECTORY") else []
    folders.append(site / "credentials")
    for folder in folders:
        try:
            return (folder / short).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
    raise Refused(
        [
            Complaint(
                FILE,
                name,
                _("找不到这个凭据"),
                _("systemd 凭据目录或 {folder} 中名为 {name} 的文件").format(folder=folders[-1], name=short),
            )
        ]
    )
