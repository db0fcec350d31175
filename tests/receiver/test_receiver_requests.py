"""What is no delivery is refused with what is wrong, and nothing of it is kept."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from receiverkit import NOW, body, code, get, post, receiver_on, row, rows_in, said, signed

from punchsync.receiver import BadSecret, NotOurs, Receiver, Request, ScoreTable, secrets_of
from punchsync.receiver.entry import MOST, SAID, Entry

SECRET = b"one"


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b"", ""),
        (b"\xff", ""),
        (b"[]", ""),
        (b"{}", ""),
        (b'{"entries": {}}', ""),
        (b'{"entries": [], "more": 1}', ""),
        (b'{"entries": [], "entries": []}', ""),
        (b'{"entries": []}', "/entries"),
        (b'{"entries": [1]}', "/entries/0"),
        (b"[" * 100_000, ""),
        (body([row(1), {k: v for k, v in row(2).items() if k != "rule"}]), "/entries/1"),
        (body([row(1) | {"more": ""}]), "/entries/0"),
        (body([row(1), row(1)]), "/entries/1/entry_id"),
        (body([row(n) for n in range(MOST + 1)]), "/entries"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_with_the_place(receiver: Receiver, content: bytes, pointer: str) -> None:
    answer = receiver.answer(post(1, content=content))
    assert code(answer) == (400, "malformed")
    assert [p["pointer"] for p in said(answer)[1]["problems"]] == [pointer]
    assert rows_in(receiver) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((column, 1) for column in Entry._fields),
        *((column, None) for column in Entry._fields),
        *((column, "\0") for column in Entry._fields),
        *((column, "\ud800") for column in Entry._fields),
        *((column, "") for column in Entry._fields if column not in ("rule", "article", "reverses")),
        *(("points", p) for p in ("+1", "1.0", "-0", "0.0001", "1e3", ".5", "01", "1.", "--1", "0.10", "NaN", "٣")),
        *(("revision", r) for r in ("0", "01", "-1", "1.0")),
        *(("period", p) for p in ("2026-13", "2026-Q5", "26-01", "2026-1")),
        *(("value_date", d) for d in ("2026-02-30", "20260201", "2026-2-1", "2026-02-01 00:00")),
        ("reverses", "E00000009"),
        ("entry_id", "E1"),
        ("account_type", "unit"),
    ],
)
def test_a_column_that_is_none_is_refused_with_its_place(receiver: Receiver, column: str, value: object) -> None:
    content = json.dumps({"entries": [row(1) | {column: value}]}).encode()
    answer = receiver.answer(post(1, content=content))
    assert code(answer) == (400, "malformed")
    assert [p["pointer"] for p in said(answer)[1]["problems"]] == [f"/entries/0/{column}"]
    assert rows_in(receiver) == []


@pytest.mark.parametrize("points", ["0", "-0.5", "0.001", "-0.125", "10", "999999999.999", "-100.01"])
def test_points_are_kept_as_they_were_sent(receiver: Receiver, points: str) -> None:
    receiver.answer(post(1, row(1, points)))
    assert rows_in(receiver) == [row(1, points)]


def test_the_first_flaws_are_said_and_no_more(receiver: Receiver) -> None:
    answer = receiver.answer(post(1, *(row(n, "x") for n in range(1, 100))))
    assert len(said(answer)[1]["problems"]) == SAID


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"idempotency_key": ""}, (400, "no-key")),
        ({"idempotency_key": "x" * 32}, (400, "no-key")),
        ({"punchsync_hall": ""}, (400, "no-hall")),
        ({"punchsync_hall": "%ff"}, (400, "no-hall")),
        ({"punchsync_hall": "%00"}, (400, "no-hall")),
        ({"punchsync_hall": "ç¤º"}, (400, "no-hall")),
        ({"content_type": "text/plain"}, (415, "not-json")),
    ],
)
def test_a_delivery_lacks_none_of_its_headers(
    receiver: Receiver, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code(receiver.answer(post(1, row(1), **headers))) == expected


def test_there_is_one_path_and_three_methods(receiver: Receiver) -> None:
    assert code(receiver.answer(Request("GET", "/other", {}))) == (404, "no-such-path")
    answer = receiver.answer(Request("DELETE", "/entries", {}))
    assert code(answer) == (405, "no-such-method")
    assert ("Allow", "GET, HEAD, POST") in answer.headers


def test_a_receiver_of_one_hall_refuses_the_others(tmp_path: Path) -> None:
    with receiver_on(tmp_path / "one.db", hall="demo") as own:
        assert said(own.answer(post(1, row(1))))[0] == 200
        assert code(own.answer(post(2, row(2), punchsync_hall="other"))) == (403, "other-hall")
        assert said(own.answer(get(punchsync_hall=""))) == (200, {"entries": [row(1)]})


def test_with_a_secret_only_what_is_signed_by_it_is_heard(tmp_path: Path) -> None:
    with receiver_on(tmp_path / "one.db", secrets=(b"other", SECRET)) as own:
        good = signed(post(1, row(1)), SECRET)
        bad = [
            post(1, row(1)),
            signed(post(1, row(1)), b"wrong"),
            signed(post(1, row(1)), SECRET, NOW - 301),
            signed(post(1, row(1)), SECRET, NOW + 301),
            Request("POST", good.target, good.headers, good.body + b" "),
            Request("POST", good.target, {**good.headers, "webhook-timestamp": str(NOW + 1)}, good.body),
            Request("POST", good.target, {**good.headers, "webhook-timestamp": "now"}, good.body),
            Request("POST", good.target, {**good.headers, "idempotency-key": "0" * 32}, good.body),
            get(),
        ]
        assert {code(own.answer(request)) for request in bad} == {(401, "not-signed")}
        assert said(own.answer(signed(get(), SECRET))) == (200, {"entries": []})
        assert said(own.answer(good)) == (200, {"accepted": 1, "known": 0})


def test_one_signature_of_several_is_enough(tmp_path: Path) -> None:
    with receiver_on(tmp_path / "one.db", secrets=(SECRET,)) as own:
        good = signed(post(1, row(1)), SECRET, NOW - 300)
        both = {**good.headers, "webhook-signature": f"v1,AAAA v2,x {good.headers['webhook-signature']}"}
        assert said(own.answer(Request("POST", good.target, both, good.body)))[0] == 200


def test_secrets_stand_one_a_line() -> None:
    assert secrets_of("whsec_b25l\n\n  plain 文字 \nwhsec_dHdvIQ") == (b"one", "plain 文字".encode(), b"two!")
    for bad in ("whsec_", "whsec_*", "whsec_b"):
        with pytest.raises(BadSecret):
            secrets_of(bad)


def test_a_database_that_is_held_by_another_is_a_reason_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punchsync.receiver.table.PATIENCE", 0.01)
    with receiver_on(tmp_path / "one.db") as own:
        other = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = own.answer(post(1, row(1)))
        assert code(answer) == (503, "busy")
        assert ("Retry-After", "5") in answer.headers
        other.close()
        assert said(own.answer(post(1, row(1)))) == (200, {"accepted": 1, "known": 0})


def test_what_nobody_foresaw_is_a_reason_to_come_again(tmp_path: Path) -> None:
    with receiver_on(tmp_path / "one.db") as own:
        pass
    assert code(own.answer(post(1, row(1)))) == (500, "broken")


def test_another_program_s_file_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE mine (n)")
    other.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(NotOurs):
        ScoreTable(tmp_path / "other.db")
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at as one\n" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        ScoreTable(tmp_path / "text.db")
    assert (tmp_path / "other.db").read_bytes() == before
