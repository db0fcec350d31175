"""A document as PDF in the layout of GB/T 9704-2012, set by typst: tagged, archivable, its typefaces inside.

The typesetter sees one folder made for it: the templates, the data as JSON, the pictures, the typefaces. No word of a
document is ever read as markup, and no package is fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files as resources
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from punchsync.publish.fonts import ROLES, Face, Fonts, NoFont, find
from punchsync.publish.forms.pdf_data import content
from punchsync.publish.forms.pdf_packed import packed
from punchsync.publish.order import Order, Pictures
from punchsync.publish.template import BadTemplate
from punchsync.texts import _

if TYPE_CHECKING:
    from typst import PDFStandard, TypstError

TEMPLATE: Final = "document.typ"
OURS: Final = (TEMPLATE, "official.typ", "plain.typ", "parts.typ")
ARCHIVED: Final[list[PDFStandard]] = ["a-2a", "ua-1"]
"""PDF/A-2a and PDF/UA-1: no character without a glyph, typefaces inside, tables and pictures told to who can't see."""
DRAFTED: Final[list[PDFStandard]] = ["ua-1"]
"""What has no day of issue is not for the archive."""
OWN: Final[list[PDFStandard]] = ["a-2u"]
"""What is asked of a hall's own template: typefaces and glyphs."""
_PLAIN: Final = re.compile("Sans|Hei|黑")


def make(order: Order, pictures: Pictures) -> bytes:
    """The document's pages; raises NoFont where a character could not be shown, BadTemplate for a hall's own."""
    import typst

    fonts = find(order.fonts)
    own = Path(order.templates) if order.templates and Path(order.templates, TEMPLATE).is_file() else None
    issued = datetime.fromisoformat(order.edition.issued or "1970-01-01").replace(tzinfo=UTC)
    kept = OWN if own else ARCHIVED if order.edition.issued else DRAFTED
    with TemporaryDirectory(prefix="punchsync-pdf-") as made:
        root = Path(made, "root")
        _lay(root, order, pictures, fonts, own)
        faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_linked(made, fonts)])
        compiler = typst.Compiler(root / TEMPLATE, root, faces, package_path=Path(made), package_cache_path=Path(made))
        try:
            pdf, _warnings = compiler.compile_with_warnings(format="pdf", timestamp=issued, pdf_standards=kept)
        except typst.TypstError as error:
            _explain(error, order, own)
            raise
    assert isinstance(pdf, bytes)
    return packed(pdf)


def families(fonts: Fonts, role: str) -> list[str]:
    """The families for one of `ROLES`, best first: the hall's own, then those like it, last those for other roles."""
    own, others = fonts.own.get(role), {face for other, face in fonts.own.items() if other != role}

    def farness(face: Face) -> tuple[bool, bool, bool]:
        return face != own, face in others, bool(_PLAIN.search(face.family)) != (role == "head")

    return list(dict.fromkeys(face.family for face in sorted(fonts.faces, key=farness)))


def _lay(root: Path, order: Order, pictures: Pictures, fonts: Fonts, own: Path | None) -> None:
    """All that the typesetter may read, in one folder."""
    if own:
        _unpacked(own)
        copytree(own, root, ignore=ignore_patterns(".*"))
    (root / "pictures").mkdir(parents=True, exist_ok=True)
    files = {name: f"pictures/{n}.png" for n, name in enumerate(pictures)}
    for name, picture in pictures.items():
        (root / files[name]).write_bytes(picture)
    data = content(order, pictures, files) | {"fonts": {role: families(fonts, role) for role in ROLES}}
    (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for name in OURS:
        if not (root / name).exists():
            (root / name).write_bytes(resources("punchsync.publish").joinpath("templates", name).read_bytes())


def _linked(made: str, fonts: Fonts) -> str:
    """A folder with the typefaces that were found, and no other: the same paper on every machine that has them."""
    folder = Path(made, "fonts")
    folder.mkdir()
    for n, path in enumerate(dict.fromkeys(face.path for face in fonts.faces)):
        (folder / f"{n}{path.suffix}").symlink_to(path.resolve())
    return str(folder)


def _unpacked(own: Path) -> None:
    """Raises BadTemplate where a template asks for a package: the typesetter would look for it on the internet."""
    for file in sorted(own.glob("*.typ")):
        for n, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if re.search(r"""["']@\w""", line):
                allowed = _("只引用放在模板旁边的 .typ 文件")
                raise BadTemplate(file, n, _("用了网上的扩展包"), allowed)


def _explain(error: TypstError, order: Order, own: Path | None) -> None:
    """Raises what a clerk understands of an error: signs that no typeface has, or a wrong template of the hall's."""
    signs: Sequence[str] = re.findall(r'the text `"(.+?)"` could not be displayed', error.diagnostic)
    if signs:
        shown = _("、").join(f"{sign}（{' '.join(f'U+{ord(c):04X}' for c in sign)}）" for sign in dict.fromkeys(signs))
        raise NoFont(
            _(
                "字体里没有这些字：{signs}。请安装更全的中文字体，或者把有这些字的字体文件放进大厅自己的 fonts 目录。"
            ).format(signs=shown)
        ) from error
    if own:
        place = re.search(r"┌─ (.+?):(\d+):\d+", error.diagnostic)
        file, line = (Path(place[1]).name, int(place[2])) if place else (TEMPLATE, 0)
        said = _("；").join((error.message, *error.hints))
        raise BadTemplate(own / file, line, said, _("合乎 typst 语法的模板")) from error
