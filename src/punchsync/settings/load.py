"""Reading a site's settings: `punchsync.toml`, then environment `PUNCHSYNC_…`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import EnvSettingsSource

from punchsync.problems import Complaint, Refused, from_pydantic
from punchsync.settings.parts import (
    AppealsPart,
    AttentionPart,
    BackupPart,
    BulletinPart,
    DeskPart,
    HallPart,
    NotifyPart,
    PersonalPart,
    RetentionPart,
    SchedulePart,
    ScoringPart,
    StorePart,
    TerminalPart,
)
from punchsync.texts import _

FILE = "punchsync.toml"


PREFIX = "PUNCHSYNC_"


ELSEWHERE = {"PUNCHSYNC_SITE", "PUNCHSYNC_LANG", "PUNCHSYNC_LOG", "PUNCHSYNC_DEBUG", "PUNCHSYNC_PYTHON"}


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
    personal: PersonalPart = PersonalPart()
    backup: BackupPart = BackupPart()
    retention: RetentionPart = RetentionPart()
    attention: AttentionPart = AttentionPart()
    bulletin: BulletinPart = BulletinPart()

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
            ("personal", PersonalPart),
            ("backup", BackupPart),
            ("retention", RetentionPart),
            ("attention", AttentionPart),
            ("bulletin", BulletinPart),
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
