"""Chinese typefaces as files: a hall's own first, then those of the machine.

Official papers are set in 小标宋, 仿宋, 黑体 and 楷体. These are sold, not shipped: a hall that has them puts the files
into its folder `fonts`. Else Song and Hei faces that are free stand in for them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, NamedTuple

from punchsync.texts import _

ROLES: Final = ("title", "body", "head", "subhead")
"""What a face is for: titles (小标宋), text (仿宋), heads of the first (黑体) and the second level (楷体)."""

_OWN: Final = {
    "title": r"小标宋|XiaoBiaoSong|XBS",
    "body": r"仿宋|FangSong|FZFS",
    "head": r"黑体|SimHei|STHeiti|FZHei|FZHT",
    "subhead": r"楷体|KaiTi|STKaiti|FZKai|FZKT",
}
_SONG: Final = r"宋体|SimSun|STSong|FZShuSong|Serif (CJK )?SC|Han Serif"
_ENDINGS: Final = (".ttf", ".otf", ".ttc", ".otc")

# By the names of their files, the best first, with and without a region's variants (SC, CN).
_SERIF: Final = (
    "NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSerifSC-Regular.otf", "NotoSerifSC-Regular.ttf",
    "SourceHanSerifSC-Regular.otf", "SourceHanSerifCN-Regular.otf", "SourceHanSerif-Regular.ttc",
    "FandolSong-Regular.otf", "simsun.ttc", "simsun.ttf", "uming.ttc", "gbsn00lp.ttf", "wqy-bitsong.ttf",
)  # fmt: skip
_SANS: Final = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "SourceHanSans-Regular.ttc",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "FandolHei-Regular.otf", "simhei.ttf", "DroidSansFallbackFull.ttf",
)  # fmt: skip
USUAL: Final = ("~/.fonts", "~/.local/share/fonts", "/usr/local/share/fonts", "/usr/share/fonts")
_BOLD: Final = ("Regular", "Bold")
"""What a bold face's file is called instead."""


class NoFont(Exception):
    """No Chinese typeface, or none that has a character; says what to install."""


class Face(NamedTuple):
    """A typeface: its family as it is called inside the file, the file, and which face of it (in a collection)."""

    family: str
    path: Path
    number: int = 0


class Fonts(NamedTuple):
    """The files of a face with serifs and of one without (None: there is none), and the folders that were looked in.

    `own`: a hall's own faces by `ROLES`; `faces`: all that were found, to set a text in, the hall's own first;
    `serif_number`, `sans_number`: which face of a collection is the one for simplified Chinese.
    """

    serif: Path | None
    sans: Path | None
    folders: tuple[Path, ...]
    own: Mapping[str, Face] = MappingProxyType({})
    faces: tuple[Face, ...] = ()
    serif_number: int = 0
    sans_number: int = 0


def find(folders: Sequence[str] = (), usual: Sequence[str] = USUAL) -> Fonts:
    """The Chinese faces of a hall's own folders and of the machine; raises NoFont where there is none at all."""
    return _found(tuple(folders), tuple(str(Path(f).expanduser()) for f in usual))


@lru_cache(maxsize=32)
def _found(folders: tuple[str, ...], usual: tuple[str, ...]) -> Fonts:
    looked = tuple(Path(f) for f in (*folders, *usual) if Path(f).is_dir())
    own = faces([f for folder in looked if str(folder) in folders for f in sorted(folder.rglob("*"))])
    by_role = {role: face for role, words in _OWN.items() if (face := _matching(own, words))}
    lying = _lying(usual)
    serifs, sans = (next((lying[name] for name in names if name in lying), None) for names in (_SERIF, _SANS))
    machine = _simplified(faces([*_weights(serifs), *_weights(sans)]))
    serif = _matching(own, _SONG) or _first(by_role, ("body", "title", "subhead")) or _of(machine, serifs)
    plain = by_role.get("head") or _of(machine, sans)
    if not serif and not plain:
        raise NoFont(missing((*folders, *usual)))
    return Fonts(
        serif.path if serif else None,
        plain.path if plain else None,
        looked,
        MappingProxyType(by_role),
        (*own, *machine),
        serif.number if serif else 0,
        plain.number if plain else 0,
    )


def missing(folders: Sequence[str]) -> str:
    """What to do where there is no Chinese typeface."""
    return _(
        "没有找到中文字体，查找过：{folders}。请安装 fonts-noto-cjk（例如 apt install fonts-noto-cjk），"
        "或者把字体文件（仿宋、小标宋、黑体、楷体，.ttf、.otf 或 .ttc）放进大厅自己的 fonts 目录。"
    ).format(folders=_("、").join(folders))


def faces(files: Sequence[Path]) -> list[Face]:
    """The faces in such files, by the names inside them; what is no font file is left out."""
    from typst import Fonts as Read

    wanted = {f.resolve(): f for f in reversed(files) if f.suffix.lower() in _ENDINGS}
    with TemporaryDirectory(prefix="punchsync-fonts-") as folder:  # so that no other file beside them is read
        for n, file in enumerate(wanted):
            Path(folder, f"{n}{file.suffix}").symlink_to(file)
        read = Read(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).fonts()
        found = [Face(f.family, wanted[Path(f.path).resolve()], f.index) for f in read if f.path]
    return sorted(found, key=lambda f: (files.index(f.path), f.number))


def _matching(found: Sequence[Face], words: str) -> Face | None:
    return next((f for f in found if re.search(words, f"{f.family} {f.path.stem}", re.IGNORECASE)), None)


def _first(by_role: Mapping[str, Face], roles: Sequence[str]) -> Face | None:
    return next((by_role[role] for role in roles if role in by_role), None)


def _of(found: Sequence[Face], file: Path | None) -> Face | None:
    return next((f for f in found if f.path == file), None)


def _simplified(found: Sequence[Face]) -> list[Face]:
    """Of each file the face for simplified Chinese; where none says so, its first."""
    by_file = [list(group) for _file, group in groupby(found, key=lambda f: f.path)]
    return [next((f for f in group if re.search(r"\b(SC|CN)\b", f.family)), group[0]) for group in by_file]


def _weights(file: Path | None) -> list[Path]:
    """A file and its bold sister, where that lies beside it."""
    return [f for f in dict.fromkeys((file, file.with_name(file.name.replace(*_BOLD)))) if f.is_file()] if file else []


def _lying(roots: Sequence[str]) -> dict[str, Path]:
    """The files that are known by their names below such folders; only names are read."""
    wanted = frozenset((*_SERIF, *_SANS))
    found: dict[str, Path] = {}
    for root in roots:
        for folder, _below, names in os.walk(root, followlinks=True):
            for name in wanted.intersection(names):
                found.setdefault(name, Path(folder, name))
    return found
