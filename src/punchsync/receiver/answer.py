"""What a request is answered with: the protocol without sockets."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from punchsync.receiver.entry import read
from punchsync.receiver.signature import objection
from punchsync.receiver.table import Clash, ScoreTable, Taken
from punchsync.texts import _

PATH = "/entries"
MOST_BYTES = 16 * 2**20
"""Of one body."""
PAGE, MOST_PAGE = 1_000, 5_000
"""Entries given at once where the reader doesn't say, and at most."""
AGAIN = 5
"""Seconds to wait before trying again, where that helps."""
KEY = re.compile(r"[0-9a-f]{32}")
ID = re.compile(r"E[0-9]{8,12}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its headers by lower-case name, its body whole."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `told` is what a log may know of it: ids and counts, nobody's name."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """An early end: an answer that says no."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Receiver:
    """Answers requests out of a table; `clock` gives seconds since 1970.

    With secrets, whatever isn't signed by one of them is refused, reading too. With a hall, other halls are.
    """

    def __init__(
        self, table: ScoreTable, clock: Callable[[], float], secrets: Sequence[bytes] = (), hall: str = ""
    ) -> None:
        self._table, self._clock, self._secrets, self._hall = table, clock, tuple(secrets), hall

    def answer(self, request: Request) -> Answer:
        """The answer to a request; what can't be foreseen here is a 500, and the sender's to try again."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.answer
        except sqlite3.OperationalError as error:
            return problem(503, "busy", _("现在写不了数据库（{error}）；稍后再送").format(error=error))
        except Exception as error:
            return problem(500, "broken", _("接收端出错（{error}）；稍后再送").format(error=type(error).__name__))

    def _answer(self, request: Request) -> Answer:
        target = urlsplit(request.target)
        if target.path != PATH:
            raise Refusal(problem(404, "no-such-path", _("这里只有 {path}").format(path=PATH)))
        if request.method not in ("GET", "HEAD", "POST"):
            allowed = (("Allow", "GET, HEAD, POST"),)
            raise Refusal(problem(405, "no-such-method", _("只有 GET、HEAD 与 POST"), headers=allowed))
        self._heed_signature(request)
        hall = self._hall_of(request)
        if request.method == "POST":
            return self._take(request, hall)
        return self._give(hall, dict(parse_qsl(target.query, keep_blank_values=True)))

    def _heed_signature(self, request: Request) -> None:
        if not self._secrets:
            return
        id, timestamp, signatures = (request.headers.get(f"webhook-{n}", "") for n in ("id", "timestamp", "signature"))
        why = objection(self._secrets, id, timestamp, signatures, request.body, self._clock())
        if not why and request.method == "POST" and id != request.headers.get("idempotency-key", ""):
            why = _("webhook-id 与 Idempotency-Key 不同")
        if why:
            raise Refusal(problem(401, "not-signed", why))

    def _hall_of(self, request: Request) -> str:
        given = request.headers.get("punchsync-hall", "")
        if not given and self._hall and request.method != "POST":
            return self._hall
        try:
            hall = unquote(given, errors="strict") if given.isascii() else ""
        except UnicodeDecodeError:
            hall = ""
        if not hall or "\0" in hall:
            raise Refusal(problem(400, "no-hall", _("要有 Punchsync-Hall 头：大厅编号，百分号编码的 UTF-8")))
        if self._hall and hall != self._hall:
            raise Refusal(problem(403, "other-hall", _("这里只收大厅 {hall} 的账").format(hall=self._hall)))
        return hall

    def _take(self, request: Request, hall: str) -> Answer:
        key = request.headers.get("idempotency-key", "")
        if not KEY.fullmatch(key):
            raise Refusal(problem(400, "no-key", _("要有 Idempotency-Key 头：32 个十六进制小写字符")))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(problem(415, "not-json", _("Content-Type 应为 application/json")))
        entries, flaws = read(request.body)
        if flaws:
            shown = [flaw._asdict() for flaw in flaws]
            raise Refusal(problem(400, "malformed", _("内容不合格式，见 problems"), more={"problems": shown}))
        outcome = self._table.take(hall, key, entries, int(self._clock()))
        told = {"hall": hall, "key": key}
        if isinstance(outcome, Clash):
            raise Refusal(clash(outcome, told))
        return taken(outcome, told)

    def _give(self, hall: str, query: Mapping[str, str]) -> Answer:
        after, limit = query.get("after", ""), query.get("limit", str(PAGE))
        if after and not ID.fullmatch(after):
            raise Refusal(problem(400, "bad-query", _("after 应为 entry_id，如 E00000001")))
        if not re.fullmatch(r"[1-9][0-9]{0,3}", limit) or int(limit) > MOST_PAGE:
            raise Refusal(problem(400, "bad-query", _("limit 应为 1 到 {most}").format(most=MOST_PAGE)))
        entries = self._table.give(hall, after, int(limit))
        return of_json(200, {"entries": [e._asdict() for e in entries]}, told={"hall": hall, "given": len(entries)})


def taken(outcome: Taken, told: Mapping[str, Any]) -> Answer:
    """The answer to a batch that is on the disk, now or since before.

    Always 200: 409 would do as well, but a sender, a proxy and a person reading logs all take 200 for what it is.
    """
    return of_json(200, outcome._asdict(), told={**told, **outcome._asdict()})


def clash(found: Clash, told: Mapping[str, Any]) -> Answer:
    """The answer to a batch that contradicts what is there: nothing of it was kept, and a person has to look."""
    says = {
        "key-reused": _("这个 Idempotency-Key 已用于另一批内容"),
        "entry-differs": _("{entry} 已在，内容不同；账目从不改写"),
        "revision-there": _("{entry} 的 cause 与 revision 已在另一笔"),
        "reverses-unknown": _("{entry} 要冲回的那一笔不在；各批应按次序送"),
        "reverses-another": _("{entry} 与要冲回的那一笔对不上：cause、revision 或分值不同"),
    }
    more = {"entry_id": found.entry} if found.entry else {}
    answer = problem(422, found.code, says[found.code].format(entry=found.entry), more=more)
    return Answer(answer.status, answer.body, answer.headers, {**told, **answer.told})


def problem(
    status: int,
    code: str,
    detail: str,
    headers: tuple[tuple[str, str], ...] = (),
    more: Mapping[str, object] | None = None,
) -> Answer:
    """An answer that says no, as application/problem+json (RFC 9457); 503 says when to come again."""
    body = {"type": f"urn:punchsync:receiver:{code}", "title": code, "status": status, "detail": detail, **(more or {})}
    wait = (("Retry-After", str(AGAIN)),) if status == 503 else ()
    return of_json(status, body, "application/problem+json", (*headers, *wait), {"problem": code})


def of_json(
    status: int,
    value: object,
    kind: str = "application/json",
    headers: tuple[tuple[str, str], ...] = (),
    told: Mapping[str, Any] | None = None,
) -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, (("Content-Type", kind), *headers), told or {})
