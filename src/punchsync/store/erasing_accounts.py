"""Taking out accounts whose names go: of people who left that long ago, and of nobody known, disabled since then.

With them go the addresses of those people, and what was written to them.

They are in no link, and may be changed like any row that is not written down for good.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from punchsync.core.checkpoint import Cut
from punchsync.core.moment import DAY
from punchsync.core.notice import PERSON
from punchsync.store.rows import chunks, fetch
from punchsync.store.tables import account, api_token, contact, notice, record, web_session

_A, _R = account.c, record.c


def count_accounts(connection: Connection, hall: str, cut: Cut) -> int:
    """How many accounts `erase_accounts` would take out, or take a name out of."""
    return sum(1 for _login, _active in _due(connection, hall, cut))


def erase_accounts(connection: Connection, hall: str, cut: Cut) -> None:
    """Erase what is due with all that hangs on it; of an account that is still in use only the name."""
    due = list(_due(connection, hall, cut))
    for some in chunks(login for login, active in due if active):
        connection.execute(account.update().where(_A.hall_id == hall, _A.login.in_(some)).values(name=""))
    for some in chunks(login for login, active in due if not active):
        for table in (web_session, api_token, account):
            connection.execute(table.delete().where(table.c.hall_id == hall, table.c.login.in_(some)))


def erase_contacts(connection: Connection, hall: str, cut: Cut) -> None:
    """Erase the addresses of people whose names go, and the notices that went to them alone."""
    for some in chunks(sorted(_people(connection, hall, cut.people))):
        theirs = (notice.c.hall_id == hall, notice.c.channel.in_([PERSON + person for person in some]))
        connection.execute(notice.delete().where(*theirs))
        connection.execute(contact.delete().where(contact.c.hall_id == hall, contact.c.person.in_(some)))


def _due(connection: Connection, hall: str, cut: Cut) -> Iterator[tuple[str, bool]]:
    """The logins of what is due, and whether each is active."""
    people = _people(connection, hall, cut.people)
    rows = select(_A.login, _A.name, _A.person, _A.state, _A.changed_at).where(_A.hall_id == hall)
    for login, name, person, state, changed_at in fetch(connection, rows):
        disabled = state == "disabled"
        left = person in people and (name or disabled)
        unknown = not person and disabled and changed_at < (cut.days["names"] + 1) * DAY
        if left or unknown:
            yield login, not disabled


def _people(connection: Connection, hall: str, keys: Collection[str]) -> set[str]:
    """Whose staff records these are."""
    out: set[str] = set()
    for some in chunks(sorted(keys)):
        rows = select(_R.body).where(_R.hall_id == hall, _R.kind == "staff", _R.key.in_(some))
        out.update(json.loads(body)["person_id"] for (body,) in fetch(connection, rows))
    return out
