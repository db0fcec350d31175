"""An office's own programs at a test's desk: LibreOffice makes PDF of what was written, poppler looks at it.

One start of LibreOffice takes seconds, so it converts all files at once; its profile is a new folder beside them. The
faces of official papers, which few machines have, are shown in the free Chinese faces that stand for them.
`OFFICE_PICTURES` names a folder that gets a picture of every page that was looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

import pytest

LONGEST: Final = 90
"""Seconds that a program may take."""
PICTURES: Final = os.environ.get("OFFICE_PICTURES", "")
POPPLER: Final = ("pdftotext", "pdftoppm", "pdffonts")
NOT_TESTED: Final = "NOT TESTED: {program} is missing, so no paper was opened by an office's program"
FACES: Final = {
    "Noto Serif CJK SC": ("方正小标宋简体", "仿宋_GB2312", "仿宋", "楷体_GB2312", "楷体", "宋体"),
    "Noto Sans CJK SC": ("黑体",),
}  # fmt: skip
_FONT: Final = re.compile(r"^(\S+) .*\s(yes|no)\s+(?:yes|no)\s+(?:yes|no)\s+\d+\s+\d+$")
_WORD: Final = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)</word>')


class Printed(NamedTuple):
    """A word on a page (from 1), in millimetres from its left and top edge."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def needed() -> None:
    """Skip, loudly, where LibreOffice or poppler is missing."""
    for program in ("soffice", *POPPLER):
        if shutil.which(program) is None:
            pytest.skip(NOT_TESTED.format(program=program))
    for part in ("sw", "sc"):
        home = Path(shutil.which("soffice") or "").resolve().parent
        if not (home / f"lib{part}lo.so").exists():
            pytest.skip(NOT_TESTED.format(program={"sw": "LibreOffice Writer", "sc": "LibreOffice Calc"}[part]))


def to_pdf(files: Sequence[Path], out: Path) -> list[Path]:
    """The files as PDF in a folder, in their order, by one start of LibreOffice; their stems have to differ."""
    needed()
    made = [out / f"{file.stem}.pdf" for file in files]
    assert len(set(made)) == len(files), "two files of the same stem"
    out.mkdir(parents=True, exist_ok=True)
    profile, faces = out / "profile", out / "fonts.conf"
    faces.write_text(_faces(), encoding="utf-8")
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile.absolute().as_uri()}"]
    said = _run(
        [*command, "--convert-to", "pdf", "--outdir", str(out), *(str(f) for f in files)],
        os.environ | {"FONTCONFIG_FILE": str(faces), "SAL_USE_VCLPLUGIN": "svp"},
    )
    missing = [pdf.name for pdf in made if not pdf.exists()]
    assert not missing, f"LibreOffice made no {', '.join(missing)}: {said}"
    if PICTURES:
        for pdf in made:
            png(pdf, Path(PICTURES))
    return made


def pages(pdf: Path) -> list[str]:
    """The text of each page as it stands there."""
    return _run(["pdftotext", "-layout", str(pdf), "-"]).removesuffix("\f").split("\f")


def png(pdf: Path, out: Path, dpi: int = 60) -> list[Path]:
    """A picture of each page in a folder."""
    out.mkdir(parents=True, exist_ok=True)
    _run(["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(out / pdf.stem)])
    return sorted(out.glob(f"{pdf.stem}-[0-9]*.png"))


def fonts(pdf: Path) -> list[tuple[str, bool]]:
    """The faces of a PDF, each with whether it is embedded."""
    found = (_FONT.match(line) for line in _run(["pdffonts", str(pdf)]).splitlines()[2:])
    return [(match[1], match[2] == "yes") for match in found if match]


def words(pdf: Path) -> list[Printed]:
    """All words of a PDF with the places where they stand."""
    page, found = 0, []
    for line in _run(["pdftotext", "-bbox", str(pdf), "-"]).splitlines():
        page += line.lstrip().startswith("<page ")
        if match := _WORD.search(line):
            left, top, right, bottom = (float(match[n]) * 25.4 / 72 for n in range(1, 5))
            found.append(Printed(page, unescape(match[5]), left, top, right, bottom))
    return found


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    """What a program says; one that hangs is ended with all that it has started itself."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, start_new_session=True
    ) as program:
        try:
            said, _none = program.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            raise
    assert program.returncode == 0, f"{command[0]} ended with {program.returncode}: {said.decode(errors='replace')}"
    return said.decode(errors="replace")


def _faces() -> str:
    """A configuration of fontconfig: the machine's own, and which face stands for which."""
    alias = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(face)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{free}</string></edit></match>'
        for free, faces in FACES.items()
        for face in faces
    )
    own = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{own}{alias}</fontconfig>\n'
