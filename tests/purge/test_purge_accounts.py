"""With the names of who left go their accounts: those that are disabled; of others the name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from purgekit import LAST, NOW, Keep, made

from punchsync.core.account import Account, ApiToken, WebSession
from punchsync.core.contact import Contact
from punchsync.core.moment import DAY
from punchsync.operations.purge import plan_purge, purge
from punchsync.operations.verify import verify

END = (LAST + 1) * DAY
NAMES = Keep(punches=None, records=None, bulletins=None, names=1)


def account(login: str, person: str, state: Any, changed_at: int = NOW) -> Account:
    return Account(login, f"名{login}", "clerk", person, (), "", state, "h", "", False, 0, None, 1, changed_at)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_accounts_go_with_the_names_of_who_left(tmp_path: Path, request: pytest.FixtureRequest, kind: str) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new()
    with made(tmp_path / "site", url) as hall:
        there = [
            account("gone", "P4", "disabled"),
            account("here", "P1", "disabled", END - 1),
            account("late", "", "disabled", END),
            account("old", "", "disabled", END - 1),
            account("root", "", "active", 1),
            account("used", "P4", "active"),
        ]
        with hall.site.store.writing() as work:
            for one in there:
                work.accounts.put(one)
                work.sessions.open(WebSession(f"d{one.login}", one.login, "c", NOW, NOW, "", ""))
                work.tokens.add(ApiToken(0, f"d{one.login}", "", one.login, (), NOW, None, None, None))
            for person in ("P1", "P4"):
                work.contacts.put(Contact(person, "a@example.cn", NOW))
                work.notices.add("k", f"person:{person}", "personal", "题", "文", NOW)
        anchor = hall.anchor()
        assert dict(plan_purge(hall.site.hall, NAMES, NOW).gone) == {"names": 1, "accounts": 3}
        assert dict(purge(hall.site.hall, NAMES, NOW, "张主任").plan.gone) == {"names": 1, "accounts": 3}
        with hall.site.store.reading() as work:
            assert work.accounts.all() == [there[1], there[2], there[4], there[5]._replace(name="")]
            assert [c.person for c in work.contacts.all()] == ["P1"]
            assert [n.channel for n in work.notices.waiting()] == ["person:P1"]
            left = ["here", "late", "root", "used"]
            assert sorted(s.login for s in work.sessions.all()) == [t.login for t in work.tokens.all()] == left
        assert verify(hall.site.hall, anchors=[anchor]).differences == ()
        assert plan_purge(hall.site.hall, NAMES, NOW).cut is None
