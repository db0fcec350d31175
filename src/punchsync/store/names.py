"""Names of people, in the one table that holds any; in a staff record an alias stands for a name.

An alias is a commitment to a name: digits of SHA-256 over a random salt and the name, both kept in `person_name`. While
the name is there, it can be seen to be the one that was written down; once the row is gone, the alias says nothing.

A body says `"name":{"alias":"..."}`, and the digest of its batch is made of that. Bodies that were linked with the name
in clear (before 0005) say `"name":{"moved":"..."}`: their digest is still made of the body with the name put back. No
body had anything but texts in it, so neither can be taken for a name.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from punchsync.core.difference import Difference
from punchsync.store.rows import Tuple, changed, chunks, fetch, insert, stream
from punchsync.store.tables import erasure, person_name, record

KIND: Final = "staff"
COLUMN: Final = "name"
INVARIANT: Final = "names"
_ALIAS, _MOVED = "alias", "moved"
_DIGITS: Final = 32
_SALT_BYTES: Final = 16
_KIND, _BODY = 1, 4  # places in a row of `record`

_N = person_name.c


class Named(NamedTuple):
    """A row of `person_name`, but for its hall."""

    alias: str
    salt: str
    name: str


def named(name: str) -> Named:
    """A new alias for a name."""
    salt = secrets.token_hex(_SALT_BYTES)
    return Named(alias_of(salt, name), salt, name)


def alias_of(salt: str, name: str) -> str:
    """The alias that a salt makes of a name."""
    return hashlib.sha256(f"{salt}\n{name}".encode()).hexdigest()[:_DIGITS]


def normal(body: Mapping[str, Any]) -> str:
    """A body as it is stored: JSON with sorted keys, and no blanks."""
    return json.dumps(dict(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def alias_in(body: object) -> str | None:
    """The alias in a body as stored, of either form; None for a body without."""
    said = body.get(COLUMN) if isinstance(body, dict) else None
    if not isinstance(said, dict) or len(said) != 1:
        return None
    [(form, alias)] = said.items()
    return alias if form in (_ALIAS, _MOVED) and isinstance(alias, str) else None


def moved(text: str) -> tuple[str, Named] | None:
    """A body with its name in clear as one with an alias, and whose that is.

    None for a body without a name, and for one that could not be put back byte for byte.
    """
    try:
        body = json.loads(text)
    except ValueError:
        return None
    name = body.get(COLUMN) if isinstance(body, dict) else None
    if not isinstance(name, str) or normal(body) != text:
        return None
    new = named(name)
    return normal({**body, COLUMN: {_MOVED: new.alias}}), new


class SqlNames:
    """The names of a hall's people, in one transaction; read with the first question."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id
        self._known: dict[str, str] | None = None

    def body(self, text: str) -> dict[str, str]:
        """A stored body with the name in it; where that was erased, the person's id stands for it."""
        body: dict[str, Any] = json.loads(text)
        alias = alias_in(body)
        if alias is not None:
            name = self._of(alias)
            body[COLUMN] = body.get("person_id", "") if name is None else name
        return body

    def says(self, text: str | None, body: Mapping[str, str]) -> bool:
        """Whether a stored body says the same; of a name that was erased, any: what was erased does not come back."""
        if text is None:
            return False
        kept = json.loads(text)
        alias = alias_in(kept)
        if alias is not None:
            name = self._of(alias)
            kept[COLUMN] = body.get(COLUMN) if name is None else name
        return bool(kept == dict(body))

    def hide(self, body: Mapping[str, str], before: str | None) -> str:
        """A body to be stored, with an alias for its name: the one of the version before where the name is the same."""
        if COLUMN not in body:
            return normal(body)
        known = alias_in(json.loads(before)) if before else None
        if known is None or self._of(known) != body[COLUMN]:
            new = named(body[COLUMN])
            insert(self._connection, person_name, [(self._hall, *new)])
            self._all()[new.alias] = new.name
            known = new.alias
        return normal({**body, COLUMN: {_ALIAS: known}})

    def linked(self, rows: Iterable[Tuple]) -> Iterator[Tuple]:
        """Rows of `record` as they were when they were linked: names that were moved since are put back."""
        for row in rows:
            yield self._put_back(row) if row[_KIND] == KIND else row

    def erase(self, aliases: Iterable[str]) -> None:
        """Take names out of the table, for good; their aliases stay in the records and say nothing any more."""
        for some in chunks(sorted(aliases)):
            here = person_name.delete().where(_N.hall_id == self._hall, _N.alias.in_(some))
            self._connection.execute(here)
        self._known = None

    def aliases(self) -> Iterator[tuple[str, str, int]]:
        """Every alias in a staff record: the record's key, the alias, the batch that the record was stored in."""
        r = record.c
        mine = (r.hall_id == self._hall, r.kind == KIND)
        for key, text, batch in fetch(self._connection, select(r.key, r.body, r.batch).where(*mine).order_by(r.key)):
            alias = alias_in(_read(text))
            if alias is not None:
                yield key, alias, batch

    def differences(self) -> Iterator[Difference]:
        """Names that are not what was written down, are missing though nobody erased them, or belong to nobody."""
        e = erasure.c
        erased = select(e.number).where(e.hall_id == self._hall, e.chain == "record")
        gone = {batch for (batch,) in fetch(self._connection, erased)}
        asked: dict[str, bool] = {}
        for _key, alias, batch in self.aliases():
            asked[alias] = asked.get(alias, False) or batch not in gone
        rows = select(_N.alias, _N.salt, _N.name).where(_N.hall_id == self._hall).order_by(_N.alias)
        for kept in map(Named._make, stream(self._connection, rows)):
            wanted = asked.pop(kept.alias, None)
            found = alias_of(kept.salt, kept.name)
            if wanted is None or found != kept.alias:
                yield _difference(kept.alias, found, "" if wanted is None else kept.alias)
        for alias, wanted in asked.items():
            if wanted:
                yield _difference(alias, "", alias)

    def _put_back(self, row: Tuple) -> Tuple:
        body = _read(row[_BODY])
        said = body.get(COLUMN) if isinstance(body, dict) else None
        if not isinstance(said, dict) or list(said) != [_MOVED] or (name := self._of(said[_MOVED])) is None:
            return row
        return changed(row, _BODY, normal({**body, COLUMN: name}))

    def _of(self, alias: str) -> str | None:
        return self._all().get(alias)

    def _all(self) -> dict[str, str]:
        if self._known is None:
            rows = select(_N.alias, _N.name).where(_N.hall_id == self._hall)
            self._known = dict(fetch(self._connection, rows))
        return self._known


def _read(text: str) -> Any:
    """What a stored body says; None for what is no JSON (any more)."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _difference(alias: str, found: str, right: str) -> Difference:
    return Difference(INVARIANT, f"person_name {alias}", found and f"alias={found}", right and f"alias={right}")
