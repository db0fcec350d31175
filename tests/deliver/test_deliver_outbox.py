"""What is sent next, what an answer means, when to try again, and what does not follow from the ledger."""

from __future__ import annotations

import pytest

from punchsync.core.outbox import (
    Answer,
    Batch,
    Cut,
    Delivery,
    Flaw,
    better,
    flaws,
    key_of,
    latest,
    next_range,
    of_status,
    pause,
    ranges,
)
from punchsync.core.readback import COLUMNS, Difference, by_id, differences, plain, spelled
from punchsync.deliver import name_of
from punchsync.operations.export import COLUMNS as EXPORTED

HEADS = {n: f"{n:064x}" for n in range(1, 10)}


def made(number: int, first: int, last: int, state: str = "delivered", times: int = 0, key: str = "") -> Delivery:
    right = key_of("demo", first, last, HEADS.get(last, ""), times)
    return Delivery(Batch(number, first, last, key or right), state, 1, "", 0, 0)


def row(n: int, points: str = "-0.5") -> tuple[str, ...]:
    return tuple({"entry_id": f"E{n}", "points": points}.get(name, "x") for name in COLUMNS)


def test_the_columns_are_those_of_the_export():
    assert EXPORTED["ledger"] == COLUMNS


@pytest.mark.parametrize(
    ("cut", "height", "size", "expected"),
    [
        (Cut(0, 0), 0, 2, None),
        (Cut(0, 0), 1, 2, (1, 1)),
        (Cut(0, 0), 2, 2, (1, 2)),
        (Cut(0, 0), 3, 2, (1, 2)),
        (Cut(1, 2), 3, 2, (3, 3)),
        (Cut(2, 3), 3, 2, None),
        (Cut(2, 3), 2, 2, None),
    ],
)
def test_the_next_batch_goes_on_where_the_last_one_ended(cut, height, size, expected):
    assert next_range(cut, height, size) == expected


def test_heights_become_stretches_without_gaps():
    assert list(ranges([7, 1, 2, 3, 3, 9, 8], 2)) == [(1, 2), (3, 3), (7, 8), (9, 9)]
    assert list(ranges([], 2)) == []


def test_a_key_is_ascii_and_another_for_another_hall_stretch_ledger_or_sending():
    keys = [
        key_of("demo", 1, 2, HEADS[2]),
        key_of("示范", 1, 2, HEADS[2]),
        key_of("demo", 2, 2, HEADS[2]),
        key_of("demo", 1, 2, HEADS[3]),
        key_of("demo", 1, 2, HEADS[2], 1),
    ]
    assert len(set(keys)) == 5
    assert [len(k) for k in keys if k.isascii() and k.isalnum()] == [32] * 5
    assert key_of("demo", 1, 2, HEADS[2]) == keys[0]


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        *((n, "delivered") for n in (200, 201, 202, 204, 299, 409)),
        *((n, "parked") for n in (400, 401, 403, 404, 408, 413, 422, 429, 499)),
        *((n, "again") for n in (199, 300, 301, 302, 304, 307, 308, 500, 501, 502, 503, 504, 599, 600, 999)),
    ],
)
def test_a_status_means(status, meaning):
    assert of_status(status).meaning == meaning


def test_what_was_taken_stays_taken_whatever_another_try_says():
    assert [better(state, meaning) for state in ("waiting", "parked", "delivered") for meaning in
            ("again", "parked", "delivered")] == [
        "waiting", "parked", "delivered", "parked", "parked", "delivered", "delivered", "delivered", "delivered",
    ]  # fmt: skip


def test_pauses_double_to_five_minutes_and_heed_what_is_asked():
    assert [pause(n) for n in (0, 1, 2, 3, 9, 10, 11, 10_000)] == [0.5, 0.5, 1, 2, 128, 256, 300, 300]
    assert (pause(1, 60), pause(1, 10**9), pause(9, 1)) == (60, 300, 128)


def test_an_outbox_that_follows_from_the_ledger_has_no_flaws():
    good = [made(1, 1, 2), made(2, 3, 5, "parked"), made(3, 1, 2, times=1), made(4, 4, 4), made(5, 6, 9, "waiting")]
    assert list(flaws("demo", "s", reversed(good), HEADS)) == []


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ([made(1, 1, 2), made(2, 4, 5)], Flaw("s #2", "4-5", "3-")),
        ([made(1, 1, 2), made(2, 2, 3)], Flaw("s #2", "2-3", "-2")),
        ([made(2, 1, 2)], Flaw("s #2", "#2", "#1")),
        ([made(1, 1, 9), made(2, 10, 12)], Flaw("s #2", "10-12", "-9")),
        ([made(1, 1, 2, key="k")], Flaw("s #1", "k", key_of("demo", 1, 2, HEADS[2]))),
        ([made(1, 1, 2), made(2, 1, 2)], Flaw("s #2", made(1, 1, 2).batch.key, made(1, 1, 2, times=1).batch.key)),
        ([made(1, 1, 2, "lost")], Flaw("s #1", "lost", "waiting, delivered, parked")),
        ([made(1, 0, 2)], Flaw("s #1", "0-2", "-0")),
    ],
)
def test_a_flaw_of_the_outbox_is_named(batches, expected):
    assert next(iter(flaws("demo", "s", batches, HEADS))) == expected


def test_the_last_batch_that_holds_a_height_says_its_state():
    assert latest([made(2, 2, 2, "waiting"), made(1, 1, 3)]) == {1: "delivered", 2: "waiting", 3: "delivered"}


def test_what_a_store_has_is_compared_entry_by_entry():
    ledger = by_id([row(1), row(2), row(3), row(4)])
    owed = by_id([row(1), row(2), row(3)])
    found = [row(2, "-1"), row(3), row(3), row(4), row(9)]
    assert list(differences(owed, ledger, found)) == [
        Difference("missing", "E1"),
        Difference("different", "E2", "points", "-1", "-0.5"),
        Difference("doubled", "E3", found="2", right="1"),
        Difference("unknown", "E9"),
    ]


def test_of_two_entries_with_one_id_the_one_that_differs_is_named():
    ledger = by_id([row(1)])
    for found in ([row(1), row(1, "7")], [row(1, "7"), row(1)]):
        assert [d.kind for d in differences(ledger, ledger, found)] == ["different", "doubled"]


def test_a_store_may_spell_numbers_and_nothing_its_own_way():
    given = dict.fromkeys(COLUMNS, "x") | {"points": "-0.500", "revision": 2, "reverses": None, "received_at": "now"}
    assert dict(zip(COLUMNS, plain(given), strict=True)) == dict.fromkeys(COLUMNS, "x") | {
        "points": "-0.5", "revision": "2", "reverses": "",
    }  # fmt: skip
    with pytest.raises(ValueError, match="article, reverses"):
        plain({name: "" for name in COLUMNS if name not in ("article", "reverses")})


@pytest.mark.parametrize("points", ["1E+999999", "nan", "-Infinity", "0." + "0" * 40 + "1", "x", ""])
def test_points_that_the_ledger_can_not_have_sent_stay_as_they_are(points):
    assert spelled(points) == points


@pytest.mark.parametrize(
    ("sink", "url", "name"),
    [
        ("http", "https://u:pw@scores.example:8443/api/entries", "http https://u@scores.example:8443/api/entries"),
        ("http", "https://scores.example/api?hall=a&token=geheim", "http https://scores.example/api?hall=a"),
        ("sql", "postgresql+psycopg://u:p%40w@db/scores", "sql postgresql://u@db/scores"),
        ("sql", "postgresql://u@db/scores", "sql postgresql://u@db/scores"),
        ("sql", "sqlite:///data/scores.db", "sql sqlite:///data/scores.db"),
        ("sql", "sqlite:////srv/scores.db", "sql sqlite:////srv/scores.db"),
    ],
)
def test_a_store_is_known_by_its_address_without_secrets(sink, url, name):
    assert name_of(sink, url) == name


def test_an_answer_without_words_has_none():
    assert of_status(204) == Answer("delivered", "http_204", "", 0.0)
