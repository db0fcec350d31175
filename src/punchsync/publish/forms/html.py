"""A document as one self-contained page: pictures inlined, no scripts, nothing asked from outside, printed on A4.

A hall's own `document.html` takes the place of ours; it may begin with `{% extends "punchsync/document.html" %}` and
say only the blocks that differ (`style`, `head`, `above`, `sections`, `below`, `foot`). It is run in a sandbox.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from punchsync.publish.document import Figure, Part, Said, Table
from punchsync.publish.edition import anchored, beside, code, dated
from punchsync.publish.order import Order, Pictures
from punchsync.publish.template import BadTemplate
from punchsync.texts import _

if TYPE_CHECKING:
    from jinja2 import Template

NAME: Final = "document.html"
OURS: Final = "punchsync"


def make(order: Order, pictures: Pictures) -> bytes:
    """The page; raises BadTemplate where the hall's own template is wrong."""
    document, edition = order.document, order.edition
    said = {
        "document": document,
        "edition": edition,
        "letterhead": document.letterhead,
        "lang": "zh-CN" if order.language == "zh" else order.language,
        "number": beside(document, edition),
        "code": code(document, edition),
        "dated": dated(edition),
        "anchor": anchored(edition),
        "pictures": {id: f"data:image/png;base64,{b64encode(data).decode()}" for id, data in pictures.items()},
        "part": kind_of,
        "plain": document.layout in ("form", "grid"),
    }
    own = Path(order.templates, NAME) if order.templates else None
    if own is None or not own.is_file():
        return _template("").render(said).encode()
    try:
        return _template(order.templates).render(said).encode()
    except Exception as error:  # whatever a hall's template does wrong is said in its own terms
        allowed = _("jinja2 模板，只用说明里列出的名称")
        raise BadTemplate(own, _line(error, order.templates), _reason(error), allowed) from error


def kind_of(part: Part) -> str:
    """What a part is: `said`, `table` or `figure`."""
    return {Said: "said", Table: "table", Figure: "figure"}[type(part)]


def _template(folder: str) -> Template:
    """The page's template, the hall's own from its folder; ours is at hand beside it."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    ours = PrefixLoader({OURS: PackageLoader("punchsync.publish", "templates")})
    found = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder), ours]) if folder else ours,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.globals["_"] = _
    return found.get_template(NAME if folder else f"{OURS}/{NAME}")


def _line(error: BaseException, folder: str) -> int:
    """The last line of a hall's templates that an error came through, or 0."""
    line: Any = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(folder):
            line = line or trace.tb_lineno
        trace = trace.tb_next
    return int(line or 0)


def _reason(error: BaseException) -> str:
    """What went wrong; of errors that could quote the document only their kind."""
    from jinja2 import TemplateError

    return str(error) if isinstance(error, TemplateError) else type(error).__name__
