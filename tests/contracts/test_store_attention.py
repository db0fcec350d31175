"""What needs a person, as states, and notices: written down before they are sent, once for each channel and key."""

from __future__ import annotations

from storekit import NOW, live

from punchsync.core.attention import Gauge, State
from punchsync.core.notice import Notice
from punchsync.core.reading import Sample

ONE = State(1, "terminal_silent", "T1", "timeout", NOW, NOW, 1, NOW)
TWO = State(2, "disk_low", "", "900", NOW, NOW)
GONE = State(3, "outbox_parked", "http x", "5", NOW - 9, NOW - 5, 0, None, NOW - 1)


def test_states_are_kept_changed_and_found_again(store):
    with store.writing() as work:
        assert (work.attention.open(), work.attention.last()) == ([], 0)
        work.attention.open_new([GONE, ONE, TWO])
    closed = TWO._replace(closed_at=NOW + 5)
    with store.writing() as work:
        work.attention.change([ONE._replace(value="refused", seen_at=NOW + 5), closed])
    now = ONE._replace(value="refused", seen_at=NOW + 5)
    with store.reading() as work:
        assert work.attention.open() == [now]
        assert work.attention.known(NOW) == [now, closed]
        assert work.attention.known(NOW - 1) == [now, closed, GONE]
        assert work.attention.all() == [now, closed, GONE]
        assert work.attention.last() == 3


def test_gauges_are_of_each_terminals_latest_live_read(store):
    samples = (Sample(NOW, 700), Sample(NOW + 1, 699), Sample(NOW + 2, 0))
    with store.writing() as work:
        work.readings.add(live("T1", began=NOW - 9, clock_offset=5, held=7, capacity=10), NOW)
        work.readings.add(live("T1", began=NOW, clock_offset=700, samples=samples, held=9, capacity=10), NOW)
        work.readings.add(live("T2", began=NOW), NOW)
    with store.reading() as work:
        assert work.attention.gauges() == {"T1": Gauge(NOW, 0, 9, 10), "T2": Gauge(NOW, None, None, None)}


def test_a_notice_is_written_down_once_for_each_channel_and_key(store):
    with store.writing() as work:
        added = [
            work.notices.add(key, channel, "disk_low", "题", f"文{n}", NOW + n)
            for n, (key, channel) in enumerate([("k", "a"), ("k", "b"), ("k", "a"), ("l", "a")])
        ]
    assert added == [True, True, False, True]
    with store.reading() as work:
        assert work.notices.waiting() == [
            Notice(1, "k", "a", "disk_low", "题", "文0", "waiting", 0, "", NOW, 0),
            Notice(2, "k", "b", "disk_low", "题", "文1", "waiting", 0, "", NOW + 1, 0),
            Notice(3, "l", "a", "disk_low", "题", "文3", "waiting", 0, "", NOW + 3, 0),
        ]
        assert work.notices.made(["k", "m"]) == {("a", "k"): NOW, ("b", "k"): NOW + 1}
        assert work.notices.made([]) == {}


def test_every_try_is_noted_before_and_after(store):
    with store.writing() as work:
        for key in ("k", "l", "m"):
            work.notices.add(key, "a", "bulletin", "题", "文", NOW)
        work.notices.trying([1, 2], NOW + 1)
        work.notices.trying([2], NOW + 2)
        work.notices.note([1], "sent", "sent")
        work.notices.note([2], "waiting", "http_503")
        work.notices.note([3], "given_up", "no_channel")
    with store.writing() as work:
        assert work.notices.waiting() == [
            Notice(2, "l", "a", "bulletin", "题", "文", "waiting", 2, "http_503", NOW, NOW + 2)
        ]
        assert [n.detail for n in work.notices.given_up()] == ["no_channel"]
        assert not work.notices.add("k", "a", "bulletin", "题", "文", NOW)


def test_halls_do_not_see_each_other(open_hall):
    one, other = open_hall(), open_hall()
    with one.writing() as work:
        work.attention.open_new([ONE])
        work.notices.add("k", "a", "disk_low", "题", "文", NOW)
    with other.writing() as work:
        assert (work.attention.all(), work.attention.last(), work.notices.waiting()) == ([], 0, [])
        work.attention.open_new([ONE])
        assert work.notices.add("k", "a", "disk_low", "题", "文", NOW)
        work.attention.change([ONE._replace(value="x")])
        work.notices.note([1], "sent", "sent")
    with one.reading() as work:
        assert work.attention.open() == [ONE]
        assert [n.state for n in work.notices.waiting()] == ["waiting"]
