"""Secrets, which are never in the settings themselves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from punchsync.problems import Complaint, Refused
from punchsync.settings.kinds import CREDENTIAL
from punchsync.settings.load import FILE
from punchsync.texts import _


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
