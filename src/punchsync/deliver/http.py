"""A scoring store that is reached by HTTP: a POST for every batch, GETs to read it back."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import httpx

from punchsync import __version__
from punchsync.core.outbox import Answer, Batch, of_status
from punchsync.core.readback import COLUMNS, ENTRY_ID, Row, Unreadable, plain
from punchsync.deliver.line import Line
from punchsync.deliver.sign import signed

PAGE: Final = 1_000
LONGEST_PAGE: Final = 64 * 2**20
LONGEST_WORDS: Final = 4_096
SHOWN: Final = 200
TRIES: Final = 3
NOT_THERE: Final = (404, 405, 501)


class HttpStore:
    """Speaks to one URL, every time over a new connection; used by one thread at a time, `interrupt` by any.

    On a connection that is kept, an answer that comes twice would be taken for that to the next batch.

    Redirects are answers like any other and not followed, and proxies of the environment are not used: entries go
    where the settings say and nowhere else. `stamp` tells the seconds since 1970, for signatures.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str,
        hall: str,
        timeout: float,
        stamp: Callable[[], int],
        key: bytes | None = None,
        token: str | None = None,
    ) -> None:
        self.name = name
        self._url, self._timeout, self._stamp, self._key = address(url), timeout, stamp, key
        headers = {
            "User-Agent": f"punchsync/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Punchsync-Hall": quote(hall, safe=""),
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            headers=headers,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            verify=trust(self._url.scheme),
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._line = Line()

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        """Send a batch; the status says what came of it, whatever becomes of the answer's body."""
        body = payload(rows)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": batch.key,
            **self._signature(batch.key, body),
        }
        return self._ask("POST", self._url, headers, body, LONGEST_WORDS)[0]

    def read_back(self, most: int) -> list[Row]:
        """Every entry there, page after page until one brings nothing new; raises Unreadable."""
        rows: list[Row] = []
        seen: set[str] = set()
        after = ""
        while new := [row for row in self._page(after) if row[ENTRY_ID] not in seen]:
            rows += new
            seen.update(row[ENTRY_ID] for row in new)
            after = max(seen)
            if len(rows) > most:
                raise Unreadable("endless", for_good=True)
        return sorted(rows, key=lambda row: row[ENTRY_ID])

    def interrupt(self) -> None:
        """Hang up, from another thread; nothing is sent after that."""
        self._line.hang_up()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _page(self, after: str) -> list[Row]:
        url = self._url.copy_merge_params({"after": after, "limit": str(PAGE)})
        for _ in range(TRIES):
            id = f"read_{self._stamp()}"
            answer, body = self._ask("GET", url, self._signature(id, b""), b"", LONGEST_PAGE)
            if answer.code == "http_200":
                return page_of(body)
            if answer.code.startswith("http_") or self._line.over:
                break
        raise Unreadable(answer.code, answer.detail, for_good=answer.code in {f"http_{n}" for n in NOT_THERE})

    def _signature(self, id: str, body: bytes) -> dict[str, str]:
        return {} if self._key is None else signed(self._key, id, self._stamp(), body)

    def _ask(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, most: int
    ) -> tuple[Answer, bytes]:
        """One request: what its status means, with the first words of the answer, and its body up to `most` bytes.

        A body that breaks off takes nothing back of what a POST's status said; a GET without its body is broken.
        """
        if self._line.over:
            return Answer("again", "stopped"), b""
        try:
            with (
                self._line.within(self._timeout) as extensions,
                self._client.stream(
                    method, url, headers=dict(headers), content=body, extensions=extensions
                ) as response,
            ):
                try:
                    found = read(response, most)
                except (httpx.HTTPError, OSError, ValueError):
                    if method == "GET" and response.is_success:
                        raise
                    found = b""
                after = response.headers.get("Retry-After", "")
                asked = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0.0
                return of_status(response.status_code, words(found), asked), found
        except Exception as error:
            # Whatever a server does, or the network, ends here: the batch is sent again.
            return self._failed(error), b""

    def _failed(self, error: Exception) -> Answer:
        if self._line.over:
            return Answer("again", "stopped")
        if self._line.expired or isinstance(error, httpx.TimeoutException):
            return Answer("again", "timeout")
        code = "unreachable" if isinstance(error, httpx.ConnectError) else "broken"
        return Answer("again", code, words(f"{type(error).__name__} {error}".encode()))


def address(url: str) -> httpx.URL:
    """A URL that can be asked; raises ValueError."""
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    if found.scheme not in ("http", "https") or not found.host:
        raise ValueError(found.scheme)
    return found


def trust(scheme: str) -> ssl.SSLContext | bool:
    """The authorities that are trusted: the usual ones, and those that this machine trusts."""
    if scheme != "https":
        return False  # nothing is encrypted that could be trusted
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def payload(rows: Sequence[Row]) -> bytes:
    """A batch as it is sent; the same entries always give the same bytes."""
    entries = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return json.dumps({"entries": entries}, ensure_ascii=False, separators=(",", ":")).encode()


def read(response: httpx.Response, most: int) -> bytes:
    """A body's first bytes; raises ValueError where there are more than a page may have."""
    found = b""
    for piece in response.iter_raw():
        found += piece
        if len(found) > most:
            raise ValueError(most)
    return found


def page_of(body: bytes) -> list[Row]:
    """The entries of a page; raises Unreadable for what has another shape."""
    try:
        page: Any = json.loads(body, parse_float=Decimal)
        return [plain(entry) for entry in page["entries"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("shape", words(f"{type(error).__name__} {error}".encode()), for_good=True) from None


def words(body: bytes) -> str:
    """What an answer says, of problem details (RFC 9457) the detail: its beginning, in one line for a terminal."""
    try:
        told = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError, RecursionError):
        told = None
    text = " ".join((told if isinstance(told, str) else body[: 4 * SHOWN].decode("utf-8", "replace")).split())
    return "".join(c for c in text if c.isprintable())[:SHOWN]
