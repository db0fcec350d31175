"""Addresses of people, and how far they were told of what was booked."""

from __future__ import annotations

from typing import Protocol

from punchsync.core.contact import Contact


class Contacts(Protocol):
    """The addresses of a hall's people."""

    def all(self) -> list[Contact]:
        """Every one, by the person's id."""
        ...

    def of(self, person: str) -> Contact | None:
        """A person's."""
        ...

    def put(self, contact: Contact) -> None:
        """Keep an address in the place of the person's last one."""
        ...

    def remove(self, person: str) -> bool:
        """Remove a person's address; whether there was one."""
        ...

    def reached(self) -> int | None:
        """The height of the ledger up to which people were told; None where nobody is told of anything."""
        ...

    def reach(self, height: int | None) -> None:
        """Note that height; None: nobody is told any more."""
        ...
