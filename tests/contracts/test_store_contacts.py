"""Addresses of people, how far they were told, and how far a notice got."""

from __future__ import annotations

from storekit import NOW

from punchsync.core.contact import Contact


def test_an_address_takes_the_place_of_the_last_one_until_it_is_removed(store):
    one, other = Contact("P1", "one@example.cn", NOW), Contact("P2", "two@example.cn", NOW)
    with store.writing() as work:
        for contact in (other, one._replace(address="old@example.cn"), one):
            work.contacts.put(contact)
    with store.reading() as work:
        assert (work.contacts.all(), work.contacts.of("P1"), work.contacts.of("P3")) == ([one, other], one, None)
    with store.writing() as work:
        assert (work.contacts.remove("P1"), work.contacts.remove("P1")) == (True, False)
        assert work.contacts.all() == [other]


def test_how_far_people_were_told_is_kept_until_nobody_is(store):
    seen = []
    for height in (None, 7, 9, None):
        with store.writing() as work:
            work.contacts.reach(height)
        with store.reading() as work:
            seen.append(work.contacts.reached())
    assert seen == [None, 7, 9, None]


def test_how_far_a_notice_got_is_kept(store):
    with store.writing() as work:
        work.notices.add("k", "a", "bulletin", "题", "文", NOW)
        work.notices.trying([1], NOW + 1)
    with store.reading() as work:
        assert [(n.tries, n.under_way, n.done) for n in work.notices.waiting()] == [(1, 1, 0)]
    with store.writing() as work:
        work.notices.arrived([1], 1)
        work.notices.trying([1], NOW + 2, again=False)
        work.notices.note([1], "unsure", "cut", 600)
    with store.reading() as work:
        [found] = work.notices.unsure()
        assert (found.tries, found.tried_at, found.done, found.under_way, found.wait) == (1, NOW + 2, 1, 0, 600)
        assert work.notices.of(1) == found and work.notices.of(2) is None
    with store.writing() as work:
        work.notices.by_hand(1, "waiting", NOW + 9)
        [found] = work.notices.in_states(["waiting", "sent"])
        assert (found.made_at, found.tries, found.done, found.wait, found.detail) == (NOW + 9, 0, 1, 0, "")
        work.notices.by_hand(1, "dropped", NOW + 10)
        assert work.notices.in_states(["dropped"])[0].made_at == NOW + 9
