"""Why a read can't go on."""

from __future__ import annotations


class Trouble(Exception):
    """A read that ends here, by a code of `core.reading.FAILURES` and what was found, as `key=value` words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Refusal(Trouble):
    """A command that the terminal answered with a code that grants nothing; the session goes on."""

    def __init__(self, answer: int) -> None:
        super().__init__("push_only" if answer == _NO_LOG else "broken", f"answer={answer}")
        self.answer = answer

    @property
    def final(self) -> bool:
        """Whether the terminal does not know the command, or never grants it so; asking again changes nothing."""
        return self.answer in _NEVER

    @property
    def passing(self) -> bool:
        """Whether the terminal has no time, or has lost the session: another attempt may have what was asked for."""
        return self.answer in _PASSING


class OtherLength(Trouble):
    """A chunk that is announced with another length than was asked for."""

    def __init__(self, found: int, asked: int, start: int) -> None:
        super().__init__("broken", f"chunk_bytes={found} expected={asked} start={start}")


class Unhonoured(Trouble):
    """A plan that this terminal does not carry out; `plan` is its name. A full read may still succeed."""

    def __init__(self, plan: str, found: Trouble) -> None:
        super().__init__(found.code, found.detail)
        self.plan = plan


_NO_LOG = 4989
_NEVER = (2001, 65535, 65533, _NO_LOG)
_PASSING = (2003, 2005)
