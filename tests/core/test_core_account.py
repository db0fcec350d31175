"""Logins as they are kept, how long wrong passwords lock an account, and which passwords nobody may have."""

from __future__ import annotations

import pytest

from punchsync.core.account import (
    FIRST_LOCK,
    LONGEST_LOCK,
    Account,
    failed,
    locked,
    login_of,
    objection,
    succeeded,
)
from punchsync.core.moment import HOUR, MINUTE

NOW = 1_000_000
FRESH = Account("li", "李慧", "clerk", "P1", (), "", "active", "hash", "", False, 0, None, NOW - 9, NOW - 9)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("zhang.san", "zhang.san"),
        (" Zhang_San-2 ", "zhang_san-2"),
        ("ＺＨＡＮＧ", "zhang"),
        ("张三", "张三"),
        ("\uf900", "豈"),  # a compatibility form of a character is that character
        ("x" * 40, "x" * 40),
        ("x" * 41, ""),
        ("", ""),
        (" ", ""),
        ("zhang san", ""),
        ("zhang@hall", ""),
        ("zhang\n", "zhang"),
        ("zhäng", ""),
        ("a\0", ""),
        ("张·三", ""),
    ],
)
def test_a_login_is_kept_in_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert login_of(typed) == kept


def test_the_fifth_wrong_password_in_a_row_locks_for_a_quarter_of_an_hour() -> None:
    account = FRESH
    for n in range(4):
        account = failed(account, NOW + n)
        assert (account.failures, account.locked_until, locked(account, NOW + n)) == (n + 1, None, False)
    account = failed(account, NOW)
    assert (account.failures, account.locked_until) == (5, NOW + 15 * MINUTE)
    assert [locked(account, NOW + 15 * MINUTE + s) for s in (-1, 0, 1)] == [True, False, False]


def test_each_further_lock_lasts_twice_as_long_up_to_eight_hours() -> None:
    account, at, lasted = FRESH, NOW, []
    for _lock in range(8):
        for _try in range(5):
            account = failed(account, at)
        assert account.locked_until is not None
        lasted.append(account.locked_until - at)
        at = account.locked_until
    assert lasted == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 8 * HOUR]
    assert (lasted[0], lasted[-1]) == (FIRST_LOCK, LONGEST_LOCK)
    endless = failed(account._replace(failures=10**6 - 1, locked_until=None), at)
    assert endless.locked_until == at + LONGEST_LOCK


def test_while_an_account_is_locked_no_try_counts_and_the_right_password_does_not_open_it() -> None:
    shut = FRESH._replace(failures=5, locked_until=NOW + 10)
    assert (failed(shut, NOW), succeeded(shut, NOW)) == (shut, shut)
    assert succeeded(shut, NOW + 10) == FRESH
    assert failed(shut, NOW + 10) == FRESH._replace(failures=6)


def test_the_right_password_ends_the_row() -> None:
    assert succeeded(FRESH._replace(failures=4), NOW) == FRESH


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("窗口今天九点开门迎客", ""),
        ("窗口今天九点开门迎", "short"),
        ("correct horse", ""),
        ("x7#kQ9!mz", "short"),
        ("x7#kQ9!mzw", ""),
        ("x7#kQ9!mz" * 28 + "abcd", ""),
        ("x7#kQ9!mz" * 28 + "abcde", "long"),
        ("aaaaaaaaaa", "repeated"),
        ("ababababab", "repeated"),
        ("abcdabcdab", "repeated"),
        ("abcdeabcde", ""),
        ("          ", "repeated"),
        ("1234567890", "sequence"),
        ("0987654321", "sequence"),
        ("5678901234567", "sequence"),
        ("cdefghijkl", "sequence"),
        ("QWERTYuiop", "sequence"),
        ("12345678901x", ""),
        ("lihui-lihui", "own"),
        ("LiHui2026!", "own"),
        ("ｌｉｈｕｉ２０２６８", "own"),
        ("李慧李慧李慧123456", ""),
        ("李慧李慧李慧12345", "own"),
        ("330102-330102", "own"),
        ("password123", "common"),
        ("Admin-2026", "common"),
        ("1q2w3e4r5t", "common"),
    ],
)
def test_a_new_password_is_long_enough_and_not_what_anybody_tries_first(password: str, code: str) -> None:
    assert objection(password, "lihui", "李慧", "330102") == code


def test_a_short_login_is_in_many_words_and_says_nothing() -> None:
    assert objection("banana bread", "an", "", "1") == ""
