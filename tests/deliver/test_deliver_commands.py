"""`punchsync push` as somebody types it: what it says, how it ends, and what is at the scoring store then."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from e2e.commandline import export, punchsync
from e2e.site import TOML, Hall, staff
from punchsync.core.readback import COLUMNS

from .kit import EXCUSED, Server, answer, page, serving, until

HTTP = '[scoring]\nsink = "http"\nurl = "{url}"\nbatch = 2\ntimeout = 5\n'
SQL = '[scoring]\nsink = "sql"\nurl = "sqlite:///data/scores.db"\nbatch = 4\n'


def scoring(hall: Hall, text: str) -> Hall:
    (hall.path / "punchsync.toml").write_text(TOML + text, encoding="utf-8")
    return hall


def ledger(hall: Hall) -> list[tuple[str, ...]]:
    return export(hall.path, "ledger")


def scores(hall: Hall) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(hall.path / "data" / "scores.db")) as db:
        return sorted(tuple(map(str, r)) for r in db.execute(f"SELECT {','.join(COLUMNS)} FROM punchsync_score_entry"))


def act(hall: Hall, statement: str) -> None:
    with closing(sqlite3.connect(hall.path / "data" / "scores.db")) as db, db:
        db.execute(statement)


def said(ran) -> dict:
    return json.loads(ran.out)


def test_without_a_scoring_store_there_is_nothing_to_do(hall):
    ran = hall.run("push")
    assert (ran.status, ran.err) == (0, "")
    assert "none" in ran.out
    assert said(hall.run("push", "--json")) == {"store": None}


def test_a_table_gets_the_ledger_once(hall):
    scoring(hall, SQL)
    assert said(hall.run("push", "--json")) == {
        "store": "sql sqlite:///data/scores.db", "delivered": 6, "batches": 2, "failed": None, "waiting": 0,
        "since": None, "parked": 0, "refused": [],
    }  # fmt: skip
    assert scores(hall) == ledger(hall)
    assert said(hall.run("push", "--json"))["delivered"] == 0
    assert scores(hall) == ledger(hall)
    ran = hall.run("push", "--reconcile")
    assert (ran.status, ran.err) == (0, "")


def test_a_database_elsewhere_gets_the_ledger_once(hall, postgres_url):
    scoring(hall, SQL.replace("sqlite:///data/scores.db", postgres_url))
    assert [said(hall.run("push", "--json"))["delivered"] for _ in range(2)] == [6, 0]
    found = said(hall.run("push", "--reconcile", "--json"))
    assert (found["read"], found["differences"]) == (6, [])


def test_a_receiver_gets_the_ledger_in_order(hall, server: Server):
    scoring(hall, HTTP.format(url=server.url))
    ran = hall.run("push")
    assert (ran.status, ran.err) == (0, "")
    assert [id for heard in server.heard for id in heard.ids] == [row[1] for row in sorted(ledger(hall))]
    assert [e for heard in server.heard for e in json.loads(heard.body)["entries"]] == [
        dict(zip(COLUMNS, row, strict=True)) for row in ledger(hall)
    ]
    assert {heard.headers["punchsync-hall"] for heard in server.heard} == {"demo"}


def test_corrections_follow(hall):
    scoring(hall, SQL)
    assert hall.run("push").status == 0
    assert hall.bring("ruling", EXCUSED).status == 0
    assert hall.settle().status == 0
    booked = ledger(hall)
    assert len([row for row in booked if row[-1]]) == 2
    assert said(hall.run("push", "--json"))["delivered"] == len(booked) - 6
    assert scores(hall) == booked


def test_a_refused_batch_is_said_and_can_be_sent_again(hall, server: Server):
    scoring(hall, HTTP.format(url=server.url))
    server.replies += [200, answer(422, "期次已结".encode())]
    ran = hall.run("push", "--json")
    assert ran.status == 1
    assert [said(ran)[k] for k in ("delivered", "waiting", "parked")] == [4, 0, 2]
    assert [said(ran)["refused"][0][k] for k in ("batch", "first", "last", "tries", "detail")] == [
        2, 3, 4, 1, "http_422: 期次已结",
    ]  # fmt: skip
    assert "期次已结" in ran.err
    assert "push --parked" in ran.err
    checked = said(hall.run("check", "--json"))["lines"]
    assert [x["level"] for x in checked if "期次已结" in x["text"]] == ["fail"]
    assert hall.run("push").status == 1
    assert len(server.heard) == 3
    assert hall.run("push", "--parked").status == 0
    assert server.heard[-1].headers["idempotency-key"] == server.heard[1].headers["idempotency-key"]
    assert server.heard[-1].body == server.heard[1].body


def test_a_receiver_that_is_away_leaves_all_waiting(hall, server: Server):
    scoring(hall, HTTP.format(url=server.url))
    server.replies += [503, 503]
    ran = hall.run("push", "--for", "0")
    assert (ran.status, len(server.heard)) == (4, 1)
    assert "6" in ran.err
    checked = said(hall.run("check", "--json"))["lines"]
    assert [x["level"] for x in checked if "HTTP 503" in x["text"]] == ["warn"]
    ran = hall.run("push", "--for", "20", "--json")
    assert (ran.status, said(ran)["delivered"], len(server.heard)) == (0, 6, 5)
    assert len({h.headers["idempotency-key"] for h in server.heard[:3]}) == 1


def test_part_of_it_delivered_is_status_1(hall, server: Server):
    scoring(hall, HTTP.format(url=server.url))
    server.replies += [200, 500]
    ran = hall.run("push", "--for", "0", "--json")
    assert (ran.status, said(ran)["delivered"], said(ran)["waiting"]) == (1, 2, 4)
    assert said(ran)["failed"]["code"] == "http_500"


def test_an_answer_lost_after_it_was_taken_doubles_nothing(hall):
    """The first answer is cut off after the commit; the receiver keeps what it has seen."""
    seen: dict[str, bytes] = {}

    def take(heard):
        assert seen.setdefault(heard.headers["idempotency-key"], heard.body) == heard.body
        return 409 if len(seen) % 2 else 200

    with serving() as server:
        scoring(hall, HTTP.format(url=server.url))
        server.replies += [lambda heard: (take(heard), None)[1], *[take] * 9]
        assert hall.run("push").status == 0
    ids = [e["entry_id"] for body in seen.values() for e in json.loads(body)["entries"]]
    assert ids == [row[1] for row in ledger(hall)]


def test_what_differs_is_named_and_what_is_missing_sent_again(hall):
    scoring(hall, SQL)
    assert hall.run("push").status == 0
    right = ledger(hall)
    act(hall, "DELETE FROM punchsync_score_entry WHERE entry_id IN ('E00000002', 'E00000005')")
    act(hall, "UPDATE punchsync_score_entry SET points = -5 WHERE entry_id = 'E00000001'")
    ran = hall.run("push", "--reconcile", "--json")
    assert ran.status == 1
    assert said(ran)["differences"] == [
        {"kind": "different", "entry_id": "E00000001", "column": "points", "found": "-5", "right": "-0.5"},
        {"kind": "missing", "entry_id": "E00000002", "column": "", "found": "", "right": ""},
        {"kind": "missing", "entry_id": "E00000005", "column": "", "found": "", "right": ""},
    ]
    act(hall, "UPDATE punchsync_score_entry SET points = -0.5 WHERE entry_id = 'E00000001'")
    ran = hall.run("push", "--reconcile", "--resend")
    assert ran.status == 1
    assert "E00000002" in ran.out
    assert scores(hall) == right
    assert hall.run("push", "--reconcile").status == 0


def test_a_table_that_holds_another_halls_entries_is_not_touched(hall):
    scoring(hall, SQL)
    assert hall.run("push").status == 0
    act(hall, "UPDATE punchsync_score_entry SET cause = 'x' WHERE entry_id = 'E00000003'")
    before = scores(hall)
    scoring(hall, SQL.replace("data/scores", "./data/scores"))
    ran = hall.run("push")
    assert ran.status == 1
    assert "E00000003 cause" in ran.err
    assert scores(hall) == before


@pytest.mark.parametrize(("reply", "status"), [(405, 4), (503, 4), (answer(200, b"{}"), 4)])
def test_a_receiver_that_can_not_be_read_back(hall, server: Server, reply, status):
    scoring(hall, HTTP.format(url=server.url))
    server.replies += [200, 200, 200, reply]
    assert hall.run("push").status == 0
    ran = hall.run("push", "--reconcile")
    assert (ran.status, ran.out) == (status, "")
    assert server.url in ran.err


def test_a_receiver_is_compared_with_what_was_delivered(hall, server: Server):
    scoring(hall, HTTP.format(url=server.url))
    server.replies += [200, 500]
    hall.run("push", "--for", "0")
    rows = ledger(hall)
    server.replies += [page(rows[:2]), page(rows[:2])]
    ran = hall.run("push", "--reconcile", "--json")
    assert (ran.status, said(ran)["differences"], said(ran)["waiting"]) == (0, [], 4)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('sink = "http"', ["scoring.url"]),
        ('sink = "http"\nurl = "scores.example"', ["scoring.url"]),
        ('sink = "http"\nurl = "sqlite:///x.db"', ["scoring.url"]),
        ('sink = "sql"\nurl = "https://x/"', ["scoring.url"]),
        ('sink = "sql"\nurl = "scores.db"', ["scoring.url"]),
        ('sink = "sql"\nurl = "nosuch://x/y"', ["scoring.url"]),
        ('sink = "sql"\nurl = "credential:none"', ["credential:none"]),
        ('sink = "http"\nurl = "credential:odd"', ["credential:odd"]),
        ('sink = "http"\nurl = "credential:round"', ["credential:round"]),
        ('sink = "http"\nurl = "http://x/"\nsecret = "credential:bad"', ["credential:bad"]),
        ('sink = "http"\nurl = "http://x/"\ntoken = "credential:wide"', ["credential:wide"]),
        ('sink = "http"\nurl = "http://x/"\ntoken = "plain"\nbatch = 0', ["scoring.token", "scoring.batch"]),
    ],
)
def test_settings_that_can_not_be_used_are_named(tmp_path, text, keys):
    hall = Hall(tmp_path / "site", TOML + f"[scoring]\n{text}\n")
    folder = hall.path / "credentials"
    folder.mkdir()
    for name, content in {"odd": "x", "round": "credential:odd", "bad": "whsec_*", "wide": "令 牌"}.items():
        (folder / name).write_text(content, encoding="utf-8")
    ran = hall.run("push")
    assert (ran.status, ran.out) == (2, "")
    assert [key for key in keys if f"「{key}」" not in ran.err] == []
    assert "Traceback" not in ran.err


def test_a_credential_holds_the_address_and_its_password_is_said_nowhere(hall, server: Server):
    scoring(hall, HTTP.format(url="credential:scores"))
    (hall.path / "credentials").mkdir()
    (hall.path / "credentials" / "scores").write_text(server.url.replace("//", "//u:geheim@"), encoding="utf-8")
    ran = hall.run("push")
    assert ran.status == 0
    assert "geheim" not in ran.out + ran.err + hall.run("check").out
    assert server.heard[0].headers["authorization"].startswith("Basic ")
    assert b"geheim" not in (hall.path / "data" / "punchsync.db").read_bytes()


def test_resend_alone_is_wrong_usage(hall):
    assert hall.run("push", "--resend").status == 2


@pytest.mark.parametrize("taken", [True, False])
def test_killed_while_a_batch_is_under_way_it_is_sent_again_the_same(hall, server: Server, taken):
    """SIGKILL after the receiver took the batch, or before; the next push sends the same bytes under the same key."""
    scoring(hall, HTTP.format(url=server.url))
    kept: dict[str, bytes] = {}

    def hold(heard):
        if taken:
            kept[heard.headers["idempotency-key"]] = heard.body
        server.over.wait(30)

    def take(heard):
        there = heard.headers["idempotency-key"] in kept
        kept[heard.headers["idempotency-key"]] = heard.body
        return 409 if there else 200

    server.replies += [200, hold, *[take] * 9]
    argv = [sys.executable, "-m", "punchsync", "--site", str(hall.path), "push"]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    until(lambda: len(server.heard) == 2)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    ran = hall.run("push", "--json")
    assert (ran.status, said(ran)["delivered"], said(ran)["waiting"]) == (0, 4, 0)
    first, broken, again, last = server.heard
    assert (broken.headers["idempotency-key"], broken.body) == (again.headers["idempotency-key"], again.body)
    assert first.ids + again.ids + last.ids == [row[1] for row in ledger(hall)]


def test_a_new_hall_owes_nothing(tmp_path):
    hall = Hall(tmp_path / "site", TOML + SQL)
    assert hall.bring("staff", staff()).status == 0
    assert said(hall.run("push", "--json"))["delivered"] == 0
    assert punchsync(hall.path, "push", "--reconcile").status == 0
