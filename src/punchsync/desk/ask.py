"""What one who asks for a page brings along, and the kinds of answer he gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from punchsync.core.account import Account, WebSession
from punchsync.core.moment import Day, Moment, day_of
from punchsync.desk.access.reach import NOBODY, Reach, reach_of
from punchsync.desk.access.rights import Right, may
from punchsync.desk.known import Known
from punchsync.operations.hall import Hall

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

SEE_OTHER: Final = 303


class Upload(NamedTuple):
    """A file that came with a form: its last name, never a path, and its bytes."""

    name: str
    data: bytes


class Form(NamedTuple):
    """A form's values, each name with all that it has, and its files."""

    values: Mapping[str, list[str]]
    files: Mapping[str, list[Upload]]

    def one(self, name: str, default: str = "") -> str:
        """A field's text without the space around it."""
        return self.values.get(name, [default])[-1].strip()

    def many(self, name: str) -> list[str]:
        """All values of a field."""
        return [v.strip() for v in self.values.get(name, [])]

    def file(self, name: str) -> Upload | None:
        """A field's file, if one was chosen."""
        return next((f for f in self.files.get(name, []) if f.name), None)


NO_FORM: Final = Form({}, {})


class Missing(Exception):
    """There is no such thing, or it is out of the user's reach: both look the same."""


class Denied(Exception):
    """The user may not do that."""


class Ask:
    """One request: who asks (`account` None: nobody logged in), what for, and the hall it is about.

    `about` says in the audit whom or what it concerned: ids and periods, never names.
    """

    def __init__(
        self,
        desk: Desk,
        request: Request,
        form: Form,
        account: Account | None,
        session: WebSession | None,
        address: str,
    ) -> None:
        self.desk, self.request, self.form = desk, request, form
        self.user, self.session, self.address = account, session, address
        self.about: dict[str, Any] = {}
        self._known: Known | None = None
        self._reach: Reach | None = None

    @property
    def hall(self) -> Hall:
        """The hall."""
        return self.desk.hall

    @property
    def account(self) -> Account:
        """Who asks; only where a login is needed."""
        if self.user is None:
            raise Denied
        return self.user

    @property
    def who(self) -> str:
        """The name under which the user decides and registers."""
        return self.account.name or self.account.login

    @property
    def now(self) -> Moment:
        """Hall time."""
        return self.hall.clock.now()

    @property
    def today(self) -> Day:
        """Today's date in the hall."""
        return day_of(self.now)

    @property
    def known(self) -> Known:
        """What the hall knows, but for punches; the same for the whole request."""
        if self._known is None:
            self._known = self.desk.knowledge.get()
        return self._known

    @property
    def reach(self) -> Reach:
        """Whose records the user sees."""
        if self._reach is None:
            user = self.user
            self._reach = NOBODY if user is None else reach_of(user, self.known.case.postings, self.today)
        return self._reach

    def may(self, right: Right) -> bool:
        """Whether the user has a right."""
        return may(self.user.role if self.user else "", right)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """A value after the address's question mark."""
        return self.request.query_params.get(name, default).strip()

    def paged(self, total: int, size: int) -> tuple[int, int]:
        """Which page of so many rows is asked for, from 1 (the first for what is none), and how many there are."""
        pages, typed = max(1, -(-total // size)), self.query("page")
        asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 1
        return min(max(1, asked), pages), pages

    def person(self, id: str) -> str:
        """A person's id, noted for the audit; raises Missing for one unknown or out of reach."""
        if id not in self.known.people or not self.reach.person(id):
            self.about["person"] = id
            raise Missing(id)
        self.about["person"] = id
        return id

    def window(self, name: str) -> str:
        """A window's name, noted for the audit; raises Missing for one unknown or out of reach."""
        self.about["window"] = name
        if name not in self.known.windows or not self.reach.window(name):
            raise Missing(name)
        return name

    @property
    def fragment(self) -> bool:
        """Whether a part of a page is asked for, by htmx."""
        return self.request.headers.get("hx-request") == "true" and not self.request.headers.get("hx-boosted")

    def page(self, template: str, status: int = 200, **words: Any) -> Response:
        """A page (or a part of one) from a template, which also gets this request as `ask`."""
        text = self.desk.render(template, ask=self, **words)
        return HTMLResponse(text, status)

    def to(self, address: str, said: str = "") -> Response:
        """Go on at an address of this desk, where `said` is shown once."""
        if said and self.session is not None:
            self.desk.say(self.session.digest, said)
        if self.request.headers.get("hx-request") == "true":
            return Response(status_code=204, headers={"hx-redirect": address})
        return RedirectResponse(address, SEE_OTHER)

    def download(self, data: bytes, name: str, kind: str) -> Response:
        """A file to keep."""
        from urllib.parse import quote

        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(data, media_type=kind, headers=headers)

    def said(self) -> list[str]:
        """What is to be shown once to this user."""
        return self.desk.said(self.session.digest) if self.session else []
