"""Whether a site's files are shut to who has no business with them, and the command that mends each that is not."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from punchsync.settings import FILE
from punchsync.texts import _

OTHERS = stat.S_IRWXO
NOT_OWNER = stat.S_IRWXG | stat.S_IRWXO


def modes(site: Path, backups: Path, store: str) -> Iterator[tuple[str, str]]:
    """A line each for what is open or somebody else's, or one that all is well; `store` is the store's address."""
    file = site / store.removeprefix("sqlite:///") if store.startswith("sqlite:///") else None
    found = [*_settings(site), *_secrets(site / "credentials"), *_folders(site, backups, file)]
    yield from found
    if not found:
        yield "ok", _("权限：设置、数据、备份、凭据都不对其他用户开放")


def _settings(site: Path) -> Iterator[tuple[str, str]]:
    for path in (site, site / FILE):
        if _mode(path) & stat.S_IWOTH:
            yield "fail", _("{path} 谁都能改写；请 chmod o-w {path}").format(path=path)


def _secrets(folder: Path) -> Iterator[tuple[str, str]]:
    """A secret fails if others can get at it; if only the folder shuts them out, it is warned of."""
    if not folder.is_dir():
        return
    reached = _mode(folder) & stat.S_IXOTH
    if _mode(folder) & OTHERS:
        yield "warn", _shut(folder, "chmod 700")
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        mode = _mode(path)
        if mode & NOT_OWNER:
            level = "fail" if reached and mode & OTHERS else "warn"
            yield level, _("凭据 {path} 不止运行程序的用户可读；请 chmod 600 {path}").format(path=path)


def _folders(site: Path, backups: Path, store: Path | None) -> Iterator[tuple[str, str]]:
    data = site / "data"
    for folder in dict.fromkeys(f for f in (data, backups) if f.is_dir()):
        if _mode(folder) & OTHERS:
            yield "warn", _shut(folder, "chmod -R o-rwx")
        yield from _owners(folder)
    if store is not None and store.exists() and not store.is_relative_to(data):
        if _mode(store) & OTHERS:
            yield "warn", _shut(store, "chmod o-rwx")


def _owners(folder: Path) -> Iterator[tuple[str, str]]:
    """Files that belong to somebody else than their folder does; a command run as root leaves such."""
    owner = folder.stat().st_uid
    for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.is_symlink() and p.stat().st_uid != owner):
        line = _("{path} 属于别的用户，服务改不了；请 chown --reference={folder} {path}")
        yield "warn", line.format(path=path, folder=folder)


def _shut(path: Path, command: str) -> str:
    return _("{path} 对其他用户开放；请 {command} {path}").format(path=path, command=command)


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.exists() else 0
