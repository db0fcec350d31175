"""What is wrong with a hall's own template, said so that a clerk can mend it."""

from __future__ import annotations

from pathlib import Path

from punchsync.problems import Complaint, Refused
from punchsync.texts import _


class BadTemplate(Refused):
    """A hall's template that can't be used: its file, the line where it is known (else 0), what is wrong, what may be
    there."""

    def __init__(self, file: Path, line: int, found: str, allowed: str) -> None:
        where = _("第 {line} 行").format(line=line) if line else ""
        remedy = _("改正这一行；或移走这个文件，改用自带的模板")
        super().__init__([Complaint(str(file), where, found, allowed, remedy)])
        self.file, self.line = str(file), line
