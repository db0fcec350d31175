"""Notices: one message or several, tried with growing pauses, given up after days; sent twice only what must be."""

from __future__ import annotations

import pytest
from attentionkit import DAY, NOW, Answer, FakeChannel, Line

from punchsync.attention_words import message
from punchsync.core.notice import (
    DROPPED,
    FIRST_PAUSE,
    GIVE_UP,
    GIVEN_UP,
    LONGEST,
    ROOM,
    SENT,
    TOGETHER,
    UNSURE,
    WAITING,
    Notice,
    due_at,
    pause,
    state_after,
    together,
    unheard,
)
from punchsync.core.quiet import parse_quiet
from punchsync.operations.notices import NoSuchNotice, Paces, Route, drop, resend, send
from punchsync.problems import Refused

CUT = Answer("unsure", "cut")
OK, AGAIN, NEVER = Answer("delivered", "sent"), Answer("again", "http_503"), Answer("parked", "http_400")


def made(number: int = 1, event: str = "disk_low", **more) -> Notice:
    row = {"key": f"k{number}", "channel": "a", "subject": "题", "body": "文", "state": WAITING, "tries": 0}
    return Notice(**{"number": number, "event": event, **row, "detail": "", "made_at": NOW, "tried_at": 0, **more})


def test_pauses_grow_to_an_hour():
    assert [pause(n) for n in (0, 1, 2, 3, 8, 99)] == [FIRST_PAUSE, 30, 60, 120, LONGEST, LONGEST]


def test_a_notice_is_due_at_once_and_then_after_its_pause():
    assert due_at(made(), NOW) == NOW
    assert due_at(made(tries=2, tried_at=NOW), NOW + 5) == NOW + 60
    assert due_at(made(tries=9, tried_at=NOW + DAY), NOW) == NOW


@pytest.mark.parametrize(
    ("meaning", "age", "state"),
    [
        ("delivered", 9 * GIVE_UP, SENT),
        ("again", GIVE_UP - 1, WAITING),
        ("again", GIVE_UP, GIVEN_UP),
        ("again", GIVE_UP + 1, GIVEN_UP),
        ("parked", 0, GIVEN_UP),
        ("unsure", 0, WAITING),
        ("unsure", GIVE_UP, GIVEN_UP),
    ],
)
def test_what_can_not_be_sent_for_days_is_given_up(meaning, age, state):
    assert state_after(made(), meaning, NOW + age) == state


def test_several_states_go_as_one_message_and_a_bulletin_alone():
    queue = [made(1), made(2), made(3, "bulletin"), made(4), made(5)]
    assert [n.number for n in together(queue, {"disk_low"})] == [1, 2]
    assert [n.number for n in together(queue[2:], {"disk_low"})] == [3]
    many = [made(n) for n in range(1, 30)]
    assert len(together(many, {"disk_low"})) == TOGETHER
    assert len(together([made(1, body="长" * ROOM), made(2)], {"disk_low"})) == 1


@pytest.mark.parametrize(("waited", "is_so"), [(DAY, False), (DAY + 1, True)])
def test_a_channel_that_takes_nothing_for_long_is_named(waited, is_so):
    waiting = [made(1, tries=3, tried_at=NOW + waited), made(2, channel="b"), made(3, tries=9, tried_at=NOW + 9 * DAY)]
    assert list(unheard(waiting, DAY)) == [("a", NOW)] * is_so


def test_notices_are_sent_in_order_and_noted(line: Line):
    line.add("k1", "k2", event="bulletin")
    done = line.send(OK, OK)
    assert (done.sent, done.failed, done.wait) == (2, {}, None)
    assert line.channel.said == [("题 k1", "文"), ("题 k2", "文")]
    assert line.rows() == [("k1", SENT, 1, "sent"), ("k2", SENT, 1, "sent")]


def test_a_failure_holds_back_the_channel_and_no_other(line: Line):
    line.add("k1", "k2", event="bulletin")
    line.add("k3", channel="b")
    done = line.send(AGAIN, b=[OK])
    assert (done.sent, done.failed, done.wait) == (1, {"a": "http_503"}, 30)
    assert line.rows() == [("k1", WAITING, 1, "http_503"), ("k2", WAITING, 0, ""), ("k3", SENT, 1, "sent")]
    assert line.send().wait == 30
    line.now += 30
    assert line.send(AGAIN).wait == 60
    line.now += 60
    assert line.send(OK, OK).sent == 2


def test_one_that_is_refused_for_good_lets_the_next_one_go(line: Line):
    line.add("k1", "k2", event="bulletin")
    done = line.send(NEVER, OK)
    assert (done.sent, done.given_up) == (1, 1)
    assert line.rows() == [("k1", GIVEN_UP, 1, "http_400"), ("k2", SENT, 1, "sent")]


def test_what_waits_for_a_channel_that_is_gone_is_given_up(line: Line):
    line.add("k1", channel="gone")
    assert line.send().given_up == 1
    assert line.rows() == [("k1", GIVEN_UP, 0, "no_channel")]


def test_a_bad_credential_is_tried_again(line: Line):
    line.add("k1")
    line.channel.script = [Refused([])]
    assert line.send().failed == {"a": "credential"}
    assert line.rows() == [("k1", WAITING, 1, "credential")]


@pytest.mark.parametrize("what", ["bulletin", "outcome", "personal"])
def test_killed_while_sending_a_bulletin_it_waits_for_somebody_s_word(line: Line, what: str):
    line.add("k1", "k2", event=what)
    line.channel.script = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        line.send()
    done = line.send(OK)
    assert (done.unsure, done.sent) == (1, 1)
    assert line.rows() == [("k1", UNSURE, 1, "killed"), ("k2", SENT, 1, "sent")]
    assert [subject for subject, _body in line.channel.said] == ["题 k1", "题 k2"]


def test_a_bulletin_cut_off_after_it_was_sent_waits_for_somebody_s_word_and_what_needs_somebody_is_sent_again(
    line: Line,
):
    line.add("k1", event="bulletin")
    line.add("k2")
    done = line.send(CUT, CUT)
    assert (done.unsure, done.wait, line.rows()) == (1, 30, [("k1", UNSURE, 1, "cut"), ("k2", WAITING, 1, "cut")])
    line.now += 30
    assert line.send(OK).sent == 1


def test_of_a_message_in_parts_only_those_go_again_that_did_not_arrive(line: Line):
    line.channel.cut = 3
    line.add("k1", event="bulletin")
    assert line.send(OK, AGAIN).failed == {"a": "http_503"}
    line.now += 30
    assert line.send(AGAIN).sent == 0
    line.now += 60
    assert line.send(OK, OK).sent == 1
    assert [body for _subject, body in line.channel.said] == ["文", "文1", "文1", "文1", "文2"]


def test_states_of_which_a_part_arrived_stay_together(line: Line):
    line.channel.cut = 2
    line.add("k1", "k2")
    line.send(OK, AGAIN)
    line.add("k3")
    line.now += 30
    assert line.send(OK, OK, OK).sent == 3
    assert [subject for subject, _body in line.channel.said] == ["题 k1 等 2 件"] * 3 + ["题 k3"] * 2


def test_a_channel_that_wants_to_be_left_alone_is(line: Line):
    line.add("k1")
    assert line.send(Answer("again", "too_fast", after=600)).wait == 600
    line.now += 599
    assert (line.send().wait, len(line.channel.said)) == (1, 1)
    line.now += 1
    assert line.send(OK).sent == 1


def test_in_quiet_hours_notices_wait_until_they_end(line: Line):
    line.quiet = parse_quiet("08:30-09:01")
    line.add("k1")
    assert (line.send().wait, line.rows()) == (60, [("k1", WAITING, 0, "")])
    line.now += 60
    assert line.send(OK).sent == 1


def test_no_channel_is_sent_more_than_the_slowest_service_takes(line: Line):
    line.add(*(f"k{n}" for n in range(40)), event="bulletin")
    paces = Paces(list)
    went: list[tuple[int, int]] = []
    while len(line.channel.said) < 40:
        before = len(line.channel.said)
        done = send(line.hall, lambda name: Route(lambda: line.channel), message, paces=paces)
        went.append((line.now, len(line.channel.said) - before))
        line.now += done.wait or 0
    assert all(sum(n for at, n in went if since <= at < since + 60) <= 15 for since, _n in went)
    assert all(n <= 4 for _at, n in went) and line.now - NOW < 180


def test_a_person_without_an_address_holds_back_nobody_and_three_failures_hold_back_all_others(line: Line):
    for n in range(6):
        line.add(f"k{n}", channel=f"person:{n}", event="personal")
    channels = {f"person:{n}": FakeChannel(f"person:{n}", AGAIN) for n in range(1, 6)}
    done = send(line.hall, lambda name: Route(lambda: channels[name]) if name in channels else None, message)
    assert (done.given_up, list(done.failed)) == (1, ["person:1", "person:2", "person:3"])
    assert [len(c.said) for c in channels.values()] == [1, 1, 1, 0, 0]


def test_what_nobody_knows_of_is_sent_again_or_dropped_by_hand(line: Line):
    line.add("k1", "k2", "k3", event="bulletin")
    line.send(CUT, CUT, OK)
    resend(line.hall, 1)
    drop(line.hall, 2)
    with pytest.raises(NoSuchNotice) as caught:
        resend(line.hall, 3)
    assert caught.value.state == SENT
    with pytest.raises(NoSuchNotice):
        drop(line.hall, 9)
    assert line.send(OK).sent == 1
    assert [state for _key, state, _tries, _detail in line.rows()] == [SENT, DROPPED, SENT]
    assert [subject for subject, _body in line.channel.said] == ["题 k1", "题 k2", "题 k3", "题 k1"]


def test_killed_while_sending_what_needs_somebody_it_is_sent_once_more_after_a_pause(line: Line):
    line.add("k1")
    line.channel.script = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        line.send()
    assert line.rows() == [("k1", WAITING, 1, "")]
    assert (line.send(OK).sent, len(line.channel.said)) == (0, 1)
    line.now += 30
    assert (line.send(OK).sent, len(line.channel.said)) == (1, 2)


def test_nothing_is_sent_that_can_not_be_noted(line: Line):
    line.add("k1")
    line.close_for_writing()
    with pytest.raises(OSError, match="full"):
        line.send(OK)
    assert line.channel.said == []


def test_nothing_more_is_sent_when_told_to_stop(line: Line):
    line.add("k1", "k2", event="bulletin")
    assert line.send(OK, OK, stopping=lambda: len(line.channel.said) == 1).sent == 1
