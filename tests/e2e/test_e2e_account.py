"""Accounts of the desk on the command line: made, given passwords, disabled; and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from punchsync.bootstrap import opened
from punchsync.core.account import WebSession
from punchsync.desk.access import passwords
from punchsync.operations.accounts import Objected, Objection, Wanted, change

from .commandline import Ran, punchsync
from .site import Hall, staff

GOOD = "窗口今天九点开门迎客"
OTHER = "山那边的海是什么颜色"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "profile", lambda: hasher)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall with P1 in the window 公安 of 公安局, and one administrator."""
    hall = Hall(tmp_path / "site")
    assert hall.bring("staff", staff(to="")).status == 0
    assert add(hall, "root", "--role", "admin", "--name", "管理员").status == 0
    yield hall


def add(hall: Hall, *args: str, typed: str = GOOD) -> Ran:
    return punchsync(hall.path, "account", "add", *args, "--password-stdin", typed=f"{typed}\n")


def accounts(hall: Hall) -> dict[str, dict[str, Any]]:
    """What `account list` says, by login."""
    listed = json.loads(hall.done("account", "list", "--json"))["accounts"]
    return {account["login"]: account for account in listed}


def hash_of(hall: Hall, login: str) -> str:
    with opened(hall.path) as site, site.store.reading() as work:
        found = work.accounts.of(login)
        assert found is not None
        return found.password


def log_in(hall: Hall, login: str) -> None:
    with opened(hall.path) as site, site.store.writing() as work:
        now = site.clock.now()
        work.sessions.open(WebSession(f"d-{login}", login, "c", now, now, "192.0.2.7", "Mozilla"))


def logged_in(hall: Hall) -> list[str]:
    with opened(hall.path) as site, site.store.reading() as work:
        return [session.login for session in work.sessions.all()]


def test_an_account_of_every_role_is_made_and_listed(hall: Hall) -> None:
    for args in (
        ("Li.Hui", "--role", "clerk", "--name", " 李慧 "),
        ("ducha", "--role", "inspector", "--name", "督查员"),
        ("lingdao", "--role", "leader", "--name", "周主任"),
        ("公安窗口", "--role", "window_lead", "--name", "王强", "--window", "公安", "--window", "公安"),
        ("lead2", "--role", "window_lead", "--name", "甲", "--person", "P1"),
        ("gaj", "--role", "unit", "--name", "联络员", "--unit", "公安局"),
        ("p1", "--role", "staff", "--name", "甲", "--person", "P1"),
    ):
        ran = add(hall, *args)
        assert (ran.status, ran.err) == (0, ""), ran
    found = accounts(hall)
    assert {
        login: (a["name"], a["role"], a["person_id"], a["windows"], a["unit"], a["state"]) for login, a in found.items()
    } == {
        "ducha": ("督查员", "inspector", "", [], "", "active"),
        "gaj": ("联络员", "unit", "", [], "公安局", "active"),
        "lead2": ("甲", "window_lead", "P1", [], "", "active"),
        "li.hui": ("李慧", "clerk", "", [], "", "active"),
        "lingdao": ("周主任", "leader", "", [], "", "active"),
        "p1": ("甲", "staff", "P1", [], "", "active"),
        "root": ("管理员", "admin", "", [], "", "active"),
        "公安窗口": ("王强", "window_lead", "", ["公安"], "", "active"),
    }
    assert {(a["has_password"], a["must_change"]) for a in found.values()} == {(True, False)}
    shown = hall.done("account", "list")
    assert all(word in shown for word in ("经办", "督查", "分管领导", "窗口负责人", "派驻单位", "本人", "管理员"))


def test_a_generated_password_is_shown_once_and_must_be_changed(hall: Hall) -> None:
    made = json.loads(hall.done("account", "add", "jb", "--role", "clerk", "--name", "李慧", "--generate", "--json"))
    password = made["password"]
    assert (len(password), made["account"]["must_change"]) == (19, True)
    assert passwords.matches(hash_of(hall, "jb"), password)
    shown = hall.done("account", "passwd", "jb", "--generate").splitlines()
    assert len(shown) == 2
    assert not passwords.matches(hash_of(hall, "jb"), password)
    assert add(hall, "p1", "--role", "staff", "--name", "甲", "--person", "P1", "--json").out.count("password") == 1


def test_another_password_ends_every_login_of_the_account_and_unlocks_it(hall: Hall) -> None:
    assert add(hall, "jb", "--role", "clerk", "--name", "李慧").status == 0
    log_in(hall, "jb")
    log_in(hall, "root")
    with opened(hall.path) as site, site.store.writing() as work:
        now = site.clock.now()
        known = work.accounts.of("jb")
        assert known is not None
        work.accounts.put(known._replace(failures=7, locked_until=now + 999))
    assert "锁定到" in hall.done("account", "list")
    ran = punchsync(hall.path, "account", "passwd", "JB", "--password-stdin", typed=f"{OTHER}\r\n")
    assert (ran.status, ran.err, logged_in(hall)) == (0, "", ["root"])
    assert (accounts(hall)["jb"]["failures"], accounts(hall)["jb"]["locked_until"]) == (0, "")
    assert [passwords.matches(hash_of(hall, "jb"), p) for p in (GOOD, OTHER)] == [False, True]


def test_a_disabled_account_is_logged_out_everywhere_and_can_be_enabled(hall: Hall) -> None:
    assert add(hall, "jb", "--role", "clerk", "--name", "李慧").status == 0
    log_in(hall, "jb")
    said = [hall.done("account", verb, "jb") for verb in ("disable", "disable", "enable", "enable")]
    assert logged_in(hall) == []
    assert ["没有写入" in line for line in said] == [False, True, False, True]
    assert (accounts(hall)["jb"]["state"], passwords.matches(hash_of(hall, "jb"), GOOD)) == ("active", True)


def test_the_last_administrator_stays_one(hall: Hall) -> None:
    ran = hall.run("account", "disable", "root")
    assert (ran.status, ran.out, accounts(hall)["root"]["state"]) == (3, "", "active")
    assert add(hall, "root2", "--role", "admin", "--name", "第二个").status == 0
    assert hall.run("account", "disable", "root").status == 0
    assert hall.run("account", "disable", "root2").status == 3


REFUSED = {
    "login": (("Li Hui", "--role", "clerk"), 2, "Li Hui"),
    "taken": (("ROOT", "--role", "clerk"), 3, "root"),
    "role": (("x", "--role", "king"), 2, "king"),
    "person": (("x", "--role", "staff", "--person", "P9"), 3, "P9"),
    "no person": (("x", "--role", "staff"), 3, "工号"),
    "no window": (("x", "--role", "window_lead"), 3, "工号"),
    "window": (("x", "--role", "window_lead", "--window", "税务"), 3, "税务"),
    "odd window": (("x", "--role", "clerk", "--window", "公安"), 3, "经办"),
    "unit": (("x", "--role", "unit", "--unit", "税务局"), 3, "税务局"),
    "no unit": (("x", "--role", "unit"), 3, "单位"),
    "odd unit": (("x", "--role", "clerk", "--unit", "公安局"), 3, "经办"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_in_words_and_nothing_is_made(hall: Hall, case: str) -> None:
    args, status, word = REFUSED[case]
    ran = add(hall, *args, "--name", "某人")
    assert (ran.status, ran.out, word in ran.err, list(accounts(hall))) == (status, "", True, ["root"])


def test_everything_that_is_against_an_account_is_said_at_once(hall: Hall) -> None:
    ran = add(hall, "root", "--role", "staff", "--name", "某人", "--person", "P9", "--unit", "税务局", typed="123")
    assert (ran.status, len(ran.err.splitlines())) == (3, 4)


def test_a_weak_password_is_refused_and_never_said(hall: Hall) -> None:
    for typed in ("geheim", "1234567890", "admin-1234", ""):
        for ran in (
            add(hall, "x", "--role", "clerk", "--name", "某人", typed=typed),
            punchsync(hall.path, "account", "passwd", "root", "--password-stdin", typed=f"{typed}\n"),
        ):
            assert (ran.status, ran.out) == (3, "")
            assert not typed or typed not in ran.err
    assert passwords.matches(hash_of(hall, "root"), GOOD)


def test_nobody_is_asked_for_a_password_where_nobody_is(hall: Hall) -> None:
    ran = hall.run("account", "passwd", "root")
    assert (ran.status, "--password-stdin" in ran.err) == (2, True)
    both = hall.run("account", "passwd", "root", "--password-stdin", "--generate")
    assert (both.status, hall.run("account", "passwd", "nobody", "--generate").status) == (2, 2)


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchsync.cli.cmd_account.at_terminal", lambda: True)
    wrong = punchsync(hall.path, "account", "passwd", "root", typed=f"{OTHER}\n{GOOD}\n")
    right = punchsync(hall.path, "account", "passwd", "root", typed=f"{OTHER}\n{OTHER}\n")
    assert (wrong.status, right.status) == (2, 0)
    assert OTHER not in right.out + right.err + wrong.out + wrong.err
    assert passwords.matches(hash_of(hall, "root"), OTHER)


def test_who_logs_in_elsewhere_needs_no_password_and_a_subject_is_of_one(hall: Hall) -> None:
    one = hall.run("account", "add", "sso", "--role", "clerk", "--name", "李慧", "--subject", "8f2c")
    two = hall.run("account", "add", "sso2", "--role", "clerk", "--name", "李慧", "--subject", "8f2c")
    assert (one.status, two.status, "sso" in two.err) == (0, 3, True)
    none = punchsync(hall.path, "account", "passwd", "sso", "--password-stdin", typed="\n")
    assert (none.status, accounts(hall)["sso"]["has_password"], hash_of(hall, "sso")) == (3, False, "")


def test_the_access_log_says_which_account_and_never_a_name_or_a_password(hall: Hall) -> None:
    assert add(hall, "jb", "--role", "clerk", "--name", "李慧李慧").status == 0
    hall.done("account", "disable", "jb")
    hall.done("account", "list")
    text = "".join(p.read_text(encoding="utf-8") for p in (hall.path / "access").glob("*.jsonl"))
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(x["what"], x["about"]) for x in lines if x["what"].startswith("account ")] == [
        ("account add", {"login": "root", "role": "admin"}),
        ("account add", {"login": "jb", "role": "clerk"}),
        ("account disable", {"login": "jb"}),
        ("account list", {}),
    ]
    assert "李慧" not in text and GOOD not in text


def test_an_account_is_changed_within_what_may_be_and_keeps_its_password(hall: Hall) -> None:
    assert add(hall, "p1", "--role", "staff", "--name", "甲", "--person", "P1").status == 0
    with opened(hall.path) as site:
        made = change(site.hall, Wanted("P1", "甲", "window_lead", "P1", ("公安",), subject="8f2c"))
        for wanted, against in (
            (Wanted("root", "管理员", "clerk"), [Objection("login", "last_admin", "root")]),
            (Wanted("nobody", "某人", "clerk"), [Objection("login", "unknown", "nobody")]),
            (
                Wanted("root", "", "admin", unit="公安局", subject="8f2c"),
                [Objection("name", "empty"), Objection("unit", "odd", "admin"), Objection("subject", "taken", "p1")],
            ),
        ):
            with pytest.raises(Objected) as refused:
                change(site.hall, wanted)
            assert list(refused.value.found) == against
    assert (made.login, made.role, made.windows, made.subject) == ("p1", "window_lead", ("公安",), "8f2c")
    assert passwords.matches(hash_of(hall, "p1"), GOOD)
