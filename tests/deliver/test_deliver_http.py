"""A scoring store behind HTTP: what is sent, what every answer or its lack means, and reading it back."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from standardwebhooks import Webhook

from punchsync.core.outbox import Batch
from punchsync.core.readback import COLUMNS, Unreadable
from punchsync.deliver.http import payload
from punchsync.deliver.sign import key_from, signed

from .kit import Server, answer, http_store, page, serving

BATCH = Batch(1, 1, 2, "k" * 32)


def row(n: int) -> tuple[str, ...]:
    given = {"entry_id": f"E{n:08d}", "points": "-0.5", "account_id": "公安", "revision": "1", "reverses": ""}
    return tuple(given.get(name, name) for name in COLUMNS)


ROWS = [row(1), row(2)]


@pytest.fixture
def store(server: Server):
    store = http_store(server.url)
    yield store
    store.close()


def test_a_batch_is_posted_with_its_key_and_the_hall(server, store):
    assert store.deliver(BATCH, ROWS)[:2] == ("delivered", "http_200")
    [heard] = server.heard
    assert (heard.method, heard.path) == ("POST", "/api/entries")
    assert json.loads(heard.body) == {"entries": [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]}
    named = ("content-type", "idempotency-key", "punchsync-hall", "authorization", "webhook-id")
    assert [heard.headers.get(name) for name in named] == [
        "application/json", "k" * 32, "%E7%A4%BA%E8%8C%83%201", None, None,
    ]  # fmt: skip
    assert heard.headers["user-agent"].startswith("punchsync/")


def test_a_token_and_a_signature_go_along_that_a_public_verifier_accepts(server):
    now = int(time.time())
    secret = "whsec_cHVuY2hzeW5jLXNjb3Jpbmc="
    store = http_store(server.url, key=key_from(secret), token="t0ken", stamp=lambda: now)
    server.replies += [200, page([])]
    store.deliver(BATCH, ROWS)
    store.read_back(10)
    store.close()
    posted, got = server.heard
    assert Webhook(secret).verify(posted.body, posted.headers) == json.loads(payload(ROWS))
    assert posted.headers["webhook-id"] == posted.headers["idempotency-key"] == BATCH.key
    Webhook(secret).verify(got.body, got.headers, json_parse=False)
    assert [h.headers["authorization"] for h in server.heard] == ["Bearer t0ken"] * 2


def test_a_plain_secret_signs_with_its_own_bytes():
    at = datetime(2026, 10, 12, tzinfo=UTC)
    made = signed(key_from("口令 1"), "id", int(at.timestamp()), "甲".encode())
    assert made["webhook-signature"] == Webhook("口令 1".encode()).sign("id", at, "甲")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***"])
def test_a_secret_that_can_not_sign_is_refused(secret):
    with pytest.raises(ValueError, match=r".*"):
        key_from(secret)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (201, ("delivered", "http_201", "", 0)),
        (409, ("delivered", "http_409", "", 0)),
        (answer(422, "不收 \x1b[31m E1\r\n".encode()), ("parked", "http_422", "不收 [31m E1", 0)),
        (answer(422, '{"title":"x","detail":"第 3 笔"}'.encode()), ("parked", "http_422", "第 3 笔", 0)),
        (answer(422, b'{"detail":["x"]}'), ("parked", "http_422", '{"detail":["x"]}', 0)),
        (answer(404, b""), ("parked", "http_404", "", 0)),
        (answer(503, b"busy", Retry_After="7"), ("again", "http_503", "busy", 7)),
        (answer(503, b"", Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), ("again", "http_503", "", 0)),
        (answer(302, b"", Location="/elsewhere"), ("again", "http_302", "", 0)),
        (None, ("again", "broken")),
        ([b"SSH-2.0-x\r\n\r\n", b""], ("again", "broken")),
        ([b"HTTP/1.1 20", b""], ("again", "broken")),
        ([b"HTTP/1.1 abc OK\r\n\r\n", b""], ("again", "broken")),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b""], ("delivered", "http_200")),
        ([b"HTTP/1.1 422 X\r\nContent-Length: 99\r\n\r\nno", b""], ("parked", "http_422")),
        ([b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b""], ("again", "http_500")),
        ([b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000, b""], ("delivered", "http_200")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + answer(200), ("delivered", "http_200")),
    ],
)
def test_an_answer_means(server, store, reply, expected):
    server.replies.append(reply)
    assert store.deliver(BATCH, ROWS)[: len(expected)] == expected
    assert [h.path for h in server.heard] == ["/api/entries"]
    assert store.deliver(BATCH, ROWS).code == "http_200"


def test_a_connection_is_kept_and_one_that_was_cut_is_made_anew(server, store):
    cut = [answer(200), b""]  # closes without saying so
    server.replies += [200, cut]
    assert [store.deliver(BATCH, ROWS).meaning for _ in range(2)] == ["delivered"] * 2
    meanings = {store.deliver(BATCH, ROWS).meaning for _ in range(3)}
    assert meanings <= {"delivered", "again"}
    assert store.deliver(BATCH, ROWS).meaning == "delivered"


def test_nobody_there_is_again():
    with serving() as gone:
        url = gone.url
    store = http_store(url)
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "unreachable")
    store.close()


def silence(server):
    return lambda heard: server.over.wait(30) and None


def dribble(server):
    def pieces(heard):
        yield b"HTTP/1.1 200 OK\r\nX: "
        while not server.over.wait(0.05):
            yield b"y"
        yield b""

    return pieces


@pytest.mark.parametrize("how", [silence, dribble])
def test_an_answer_that_does_not_end_is_given_up(server, how):
    store = http_store(server.url, timeout=0.3)
    server.replies.append(how(server))
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "timeout")
    assert store.deliver(BATCH, ROWS).code == "http_200"
    store.close()


@pytest.mark.parametrize("how", [silence, dribble])
def test_what_is_under_way_can_be_broken_off_and_nothing_is_sent_after(server, how):
    store = http_store(server.url, timeout=30)
    server.replies.append(how(server))
    threading.Timer(0.2, store.interrupt).start()
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "stopped")
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "stopped")
    assert len(server.heard) == 1
    store.close()


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    store = http_store(server.url)
    assert store.deliver(BATCH, ROWS).code == "http_200"
    store.close()


def paged(rows, size):
    """A store that honours `after`, with pages of its own size."""

    def give(heard):
        after = heard.query["after"][0]
        return page([r for r in rows if r[1] > after][:size])

    return give


def test_a_store_is_read_back_page_by_page(server, store):
    rows = [row(n) for n in range(1, 8)]
    server.replies += [paged(rows, 3)] * 9
    assert store.read_back(100) == rows
    assert [h.path.partition("?")[2] for h in server.heard] == [
        "after=&limit=1000", "after=E00000003&limit=1000", "after=E00000006&limit=1000", "after=E00000007&limit=1000",
    ]  # fmt: skip


def test_a_store_that_gives_everything_at_once_works_too(server, store):
    rows = [row(2), row(1), row(2)]
    server.replies += [page(rows)] * 2
    assert store.read_back(100) == [row(1), row(2), row(2)]
    assert len(server.heard) == 2


def test_the_query_of_the_address_is_kept(server):
    store = http_store(server.url + "?hall=a&x=1")
    server.replies += [page([])]
    store.read_back(1)
    store.deliver(BATCH, ROWS)
    assert server.heard[0].query == {"hall": ["a"], "x": ["1"], "after": [""], "limit": ["1000"]}
    assert server.heard[1].path == "/api/entries?hall=a&x=1"
    store.close()


def test_numbers_may_be_numbers(server, store):
    plain = dict(zip(COLUMNS, row(1), strict=True))
    given = json.dumps({"entries": [{**plain, "points": "@", "revision": 1, "reverses": None, "more": [1]}]})
    body = given.replace('"@"', "-0.500").encode()
    server.replies += [answer(200, body), page([])]
    assert store.read_back(9) == [row(1)]
    assert Decimal(row(1)[8]) == Decimal("-0.5")


@pytest.mark.parametrize(
    ("replies", "code", "for_good"),
    [
        ([405], "http_405", True),
        ([404], "http_404", True),
        ([501], "http_501", True),
        ([401], "http_401", False),
        ([503], "http_503", False),
        ([302], "http_302", False),
        ([answer(200, b"<html>")], "shape", True),
        ([answer(200, b"[]")], "shape", True),
        ([answer(200, b'{"entries":[{"entry_id":"E1"}]}')], "shape", True),
        ([answer(200, b'{"entries":[1]}')], "shape", True),
        ([answer(200, b"[" * 100_000)], "shape", True),
        ([None, None, None], "broken", False),
        ([page([row(1), row(2), row(3)])], "endless", True),
    ],
)
def test_a_store_that_can_not_be_read_back_says_why(server, store, replies, code, for_good):
    server.replies += replies
    with pytest.raises(Unreadable) as caught:
        store.read_back(2)
    assert (caught.value.code, caught.value.for_good) == (code, for_good)


def test_a_page_that_breaks_off_is_asked_for_again(server, store):
    half = [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b""]
    server.replies += [half, None, page([row(1)]), page([])]
    assert store.read_back(9) == [row(1)]


@pytest.mark.parametrize("url", ["https://", "ftp://x/", "http://[::1/"])
def test_an_address_that_can_not_be_asked_is_refused(url):
    with pytest.raises(ValueError, match=r".*"):
        http_store(url)
