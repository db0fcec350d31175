"""Deliveries: each entry once, whatever comes twice; nothing of what contradicts what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from receiverkit import back, body, code, get, key, post, receiver_on, row, rows_in, said

from punchsync.receiver import Receiver

A, B, C = row(1), row(2, "-1.125"), row(3, "5", account_type="window", account_id="公安 1;号")


def test_a_batch_is_kept_and_given_back_as_it_came(receiver: Receiver) -> None:
    assert said(receiver.answer(post(1, A, B, back(3, B)))) == (200, {"accepted": 3, "known": 0})
    assert rows_in(receiver) == [A, B, back(3, B)]


def test_a_batch_that_comes_again_is_taken_once(receiver: Receiver) -> None:
    answers = [said(receiver.answer(post(1, A, B))) for _ in range(3)]
    assert answers == [(200, {"accepted": 2, "known": 0}), *[(200, {"accepted": 0, "known": 2})] * 2]
    assert rows_in(receiver) == [A, B]


def test_the_same_batch_in_another_spelling_of_json_is_the_same(receiver: Receiver) -> None:
    receiver.answer(post(1, A))
    spelled = body([dict(reversed(A.items()))]).replace(b", ", b" ,\n").decode().encode("utf-8")
    assert said(receiver.answer(post(1, content=spelled))) == (200, {"accepted": 0, "known": 1})


def test_known_entries_under_another_key_are_not_taken_again(receiver: Receiver) -> None:
    receiver.answer(post(1, A, B))
    assert said(receiver.answer(post(2, B, C))) == (200, {"accepted": 1, "known": 1})
    assert rows_in(receiver) == [A, B, C]


def test_a_known_key_with_other_entries_is_refused(receiver: Receiver) -> None:
    receiver.answer(post(1, A))
    assert code(receiver.answer(post(1, A, B))) == (422, "key-reused")
    assert rows_in(receiver) == [A]


def test_a_known_entry_with_other_content_is_named_and_nothing_of_its_batch_kept(receiver: Receiver) -> None:
    receiver.answer(post(1, A))
    answer = receiver.answer(post(2, B, A | {"points": "-5"}, C))
    assert code(answer) == (422, "entry-differs")
    assert said(answer)[1]["entry_id"] == "E00000001"
    assert rows_in(receiver) == [A]


def test_a_batch_that_was_refused_may_come_again_repaired_under_its_key(receiver: Receiver) -> None:
    receiver.answer(post(1, A))
    receiver.answer(post(2, B, A | {"points": "-5"}))
    assert said(receiver.answer(post(2, B))) == (200, {"accepted": 1, "known": 0})


def test_a_cause_is_booked_once_in_each_revision(receiver: Receiver) -> None:
    receiver.answer(post(1, A))
    assert code(receiver.answer(post(2, row(9, cause=A["cause"])))) == (422, "revision-there")
    assert rows_in(receiver) == [A]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (back(2, row(7)), "reverses-unknown"),
        (back(2, A) | {"points": "0.25"}, "reverses-another"),
        (back(2, A) | {"cause": "another"}, "reverses-another"),
        (back(2, A) | {"revision": "4"}, "reverses-another"),
    ],
)
def test_a_reversal_takes_back_an_entry_that_is_there(receiver: Receiver, other: dict[str, str], why: str) -> None:
    receiver.answer(post(1, A))
    assert code(receiver.answer(post(2, other))) == (422, why)
    assert rows_in(receiver) == [A]


def test_halls_are_kept_apart(receiver: Receiver) -> None:
    other = A | {"points": "-5"}
    receiver.answer(post(1, A))
    answer = receiver.answer(post(1, other, punchsync_hall="%E7%A4%BA%E8%8C%83%2F2"))
    assert said(answer) == (200, {"accepted": 1, "known": 0})
    assert (rows_in(receiver), rows_in(receiver, "%E7%A4%BA%E8%8C%83%2F2")) == ([A], [other])
    assert answer.told == {"hall": "示范/2", "key": key(1), "accepted": 1, "known": 0}


def test_entries_are_given_page_by_page_in_the_order_of_their_ids(receiver: Receiver) -> None:
    rows = [row(n) for n in (3, 1, 2, 5, 4)]
    receiver.answer(post(1, *rows))
    pages = []
    after = ""
    while page := said(receiver.answer(get(f"after={after}&limit=2")))[1]["entries"]:
        pages.append([r["entry_id"] for r in page])
        after = pages[-1][-1]
    assert pages == [["E00000001", "E00000002"], ["E00000003", "E00000004"], ["E00000005"]]


@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "limit=x", "limit=", "limit=-1", "after=1", "after='--"])
def test_a_page_that_can_not_be_given_is_refused(receiver: Receiver, query: str) -> None:
    assert code(receiver.answer(get(query))) == (400, "bad-query")


def test_what_was_answered_is_there_after_the_file_is_opened_again(tmp_path: Path) -> None:
    with receiver_on(tmp_path / "kept.db") as first:
        first.answer(post(1, A))
    with receiver_on(tmp_path / "kept.db") as second:
        assert said(second.answer(post(1, A))) == (200, {"accepted": 0, "known": 1})
        assert rows_in(second) == [A]
