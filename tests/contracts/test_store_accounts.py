"""Who may use the desk: accounts by login and subject, logged-in browsers that end, tokens that are taken back."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError
from storekit import NOW

from punchsync.core.account import Account, ApiToken, SubjectTaken, WebSession

CLERK = Account("zhang.san", "张三", "clerk", "P1", (), "", "active", "$argon2id$x", "", False, 0, None, NOW, NOW)
LEAD = Account(
    "李四",
    "李四",
    "window_lead",
    "",
    ("公安", "税务"),
    "公安局",
    "disabled",
    "",
    "sub-7",
    True,
    5,
    NOW + 9,
    NOW,
    NOW + 1,
)
ONE = WebSession("d1", "zhang.san", "c1", NOW, NOW + 5, "192.0.2.7", "Mozilla/5.0")
TWO = WebSession("d2", "zhang.san", "c2", NOW + 1, NOW + 6, "192.0.2.8", "")
THREE = WebSession("d3", "李四", "c3", NOW + 2, NOW + 2, "192.0.2.9", "")
TOKEN = ApiToken(0, "t1", "评分系统", "zhang.san", ("export", "health"), NOW, None, None, None)


def test_accounts_are_kept_and_found_by_login_and_subject(store):
    with store.writing() as work:
        assert work.accounts.all() == []
        work.accounts.put(LEAD)
        work.accounts.put(CLERK)
    with store.reading() as work:
        assert work.accounts.all() == [CLERK, LEAD]
        assert [work.accounts.of(login) for login in (" Zhang.San", "ｚｈａｎｇ．ｓａｎ", "李四", "nobody", "")] == [
            CLERK, CLERK, LEAD, None, None,
        ]  # fmt: skip
        assert [work.accounts.of_subject(subject) for subject in ("sub-7", "sub-8", "")] == [LEAD, None, None]


def test_an_account_takes_the_place_of_the_one_with_its_login(store):
    changed = CLERK._replace(
        name="张山", role="admin", windows=("公安",), must_change=True, failures=3, changed_at=NOW + 7
    )
    with store.writing() as work:
        work.accounts.put(CLERK)
        work.accounts.put(LEAD)
        work.accounts.put(changed)
        assert work.accounts.all() == [changed, LEAD]


def test_no_two_accounts_have_one_subject_and_no_login_is_kept_otherwise_than_it_is_looked_for(store):
    with store.writing() as work:
        work.accounts.put(LEAD)
        work.accounts.put(LEAD._replace(state="active"))
        with pytest.raises(SubjectTaken, match="李四"):
            work.accounts.put(CLERK._replace(subject="sub-7"))
        for login in ("", "Zhang.San", "ｚ", "a b", "x" * 41):
            with pytest.raises(ValueError, match=f"^{login}$"):
                work.accounts.put(CLERK._replace(login=login))
        assert work.accounts.all() == [LEAD._replace(state="active")]


def test_browsers_are_found_by_digest_and_by_login_and_are_seen(store):
    with store.writing() as work:
        for session in (ONE, TWO, THREE):
            work.sessions.open(session)
        work.sessions.seen("d1", NOW + 7)
    now = ONE._replace(seen_at=NOW + 7)
    with store.reading() as work:
        assert [work.sessions.of(digest) for digest in ("d1", "d3", "d4")] == [now, THREE, None]
        assert work.sessions.of_login("Zhang.San") == [now, TWO]
        assert work.sessions.all() == [now, TWO, THREE]


def test_browsers_end_one_by_one_or_all_of_an_account_but_one(store):
    with store.writing() as work:
        for session in (ONE, TWO, THREE):
            work.sessions.open(session)
        work.sessions.end_all("zhang.san", but="d1")
        assert work.sessions.all() == [ONE, THREE]
        work.sessions.end("d3")
        assert work.sessions.all() == [ONE]
        work.sessions.end_all("zhang.san")
        assert work.sessions.all() == []


def test_browsers_end_by_their_age_and_by_when_they_were_last_seen(store):
    with store.writing() as work:
        for session in (ONE, TWO, THREE):
            work.sessions.open(session)
        assert work.sessions.expire(NOW, NOW + 2) == 0
        assert work.sessions.expire(NOW + 1, NOW + 3) == 2
        assert work.sessions.all() == [TWO]


def test_tokens_are_numbered_found_used_and_taken_back_once(store):
    with store.writing() as work:
        first = work.tokens.add(TOKEN)
        second = work.tokens.add(TOKEN._replace(digest="t2", scopes=(), ends_at=NOW + 100))
        work.tokens.used(1, NOW + 3)
        work.tokens.revoke(2, NOW + 4)
        work.tokens.revoke(2, NOW + 5)
    assert (first, second.number) == (TOKEN._replace(number=1), 2)
    now = [first._replace(used_at=NOW + 3), second._replace(revoked_at=NOW + 4)]
    with store.reading() as work:
        assert work.tokens.all() == now
        assert [work.tokens.of(digest) for digest in ("t1", "t2", "t3")] == [*now, None]


def test_no_two_tokens_have_one_digest(store):
    with store.writing() as work:
        work.tokens.add(TOKEN)
    with pytest.raises(DBAPIError), store.writing() as work:
        work.tokens.add(TOKEN)


def test_one_hall_knows_nobody_of_another(open_hall):
    one, other = open_hall(), open_hall()
    with one.writing() as work:
        work.accounts.put(LEAD)
        work.sessions.open(THREE)
        work.tokens.add(TOKEN)
    with other.writing() as work:
        work.accounts.put(CLERK._replace(subject="sub-7"))
        work.sessions.end_all("李四")
        assert work.sessions.expire(NOW + 99, NOW + 99) == 0
        assert (work.accounts.of("李四"), work.sessions.of("d3"), work.tokens.of("t1")) == (None, None, None)
    with one.reading() as work:
        assert (work.accounts.all(), work.sessions.all(), len(work.tokens.all())) == ([LEAD], [THREE], 1)
