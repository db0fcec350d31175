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
        super().__init__("broken", f"answer={answer}")
        self.answer = answer
