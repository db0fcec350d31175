"""A page's forms as a browser has them, to be filled with whatever a test wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTS = ("text", "search", "textarea", "password", "url", "tel", "email", "")


@dataclass
class PageForm:
    """A form: where it goes, its fields with their values, and which of them one types text into."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._open: PageForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "a" and found.get("href", "").startswith("/"):
            self.links.append(found["href"])
        for name in ("hx-get",):
            if found.get(name, "").startswith("/"):
                self.links.append(found[name])
        if tag == "form":
            method = "post" if "hx-post" in found else found.get("method", "get").lower()
            self._open = PageForm(found.get("action") or found.get("hx-post") or found.get("hx-get", ""), method)
            self.forms.append(self._open)
        form = self._open
        if form is None:
            return
        name, kind = found.get("name", ""), found.get("type", "text" if tag == "input" else "")
        if tag == "input" and name:
            if kind == "file":
                form.files.append(name)
            elif kind in ("checkbox", "radio"):
                if "checked" in found or (kind == "radio" and name not in form.values):
                    form.values[name] = found.get("value", "on")
            else:
                form.values[name] = found.get("value", "")
                if kind in TEXTS:
                    form.texts.append(name)
        elif tag == "textarea" and name:
            form.values[name] = ""
            form.texts.append(name)
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in found or self._select not in form.values:
                form.values[self._select] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def forms_of(html: str) -> list[PageForm]:
    """Every form of a page."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def links_of(html: str) -> list[str]:
    """Where a page's links lead within the desk, and what it fetches by itself."""
    parser = _Forms()
    parser.feed(html)
    return list(dict.fromkeys(link.partition("#")[0] for link in parser.links))
