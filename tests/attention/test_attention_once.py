"""Whatever fails, is cut off or killed: nothing that is not to come twice does, and what must be known comes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from attentionkit import Answer, Line, Message

from punchsync.core.notice import MARKED, SENT, UNSURE, Notice
from punchsync.operations.notices import Route, send

OK, AGAIN, CUT = Answer("delivered", "sent"), Answer("again", "http_503"), Answer("unsure", "cut")
HAZARDS = ("ok", "ok", "again", "taken and cut", "lost and cut", "killed before", "killed after", "disk full")
EVENTS = ("bulletin", "outcome", "personal", "disk_low")


class Killed(BaseException):
    """The process is gone."""


class Faithful:
    """Shows every part that it takes, and is hit by a hazard now and then."""

    name = "a"

    def __init__(self, line: Line, chance: random.Random, hazards: Sequence[str]) -> None:
        self.line, self.chance, self.hazards = line, chance, hazards
        self.shown: list[tuple[str, int]] = []
        self.harmed: set[str] = set()

    def parts(self, message: Message) -> list[Message]:
        return [Message(message.subject, str(n)) for n in range(1 + len(message.subject) % 3)]

    def send(self, part: Message) -> Answer:
        hazard = self.chance.choice(self.hazards)
        if hazard not in ("ok", "again"):
            self.harmed.add(part.subject)
        if hazard in ("ok", "taken and cut", "killed after", "disk full"):
            self.shown.append((part.subject, int(part.body)))
        if hazard.startswith("killed"):
            raise Killed
        if hazard == "disk full":
            self.line.close_for_writing()
        return {"again": AGAIN, "taken and cut": CUT, "lost and cut": CUT}.get(hazard, OK)


def one_by_one(notices: Sequence[Notice]) -> tuple[str, str]:
    """A subject that tells the notices apart; those of a state go together."""
    return "+".join(n.key for n in notices), ""


@pytest.mark.parametrize("hazards", [("ok", "again"), HAZARDS], ids=["sure", "unsure"])
@pytest.mark.parametrize("seed", range(6))
def test_nothing_comes_twice_but_what_must_be_known_and_that_comes(line: Line, seed: int, hazards: Sequence[str]):
    chance = random.Random(seed)  # a test's dice
    channel = Faithful(line, chance, hazards)
    whole = line.hall.store
    events = {f"{n}{'x' * chance.randrange(3)}": chance.choice(EVENTS) for n in range(6)}
    owed = list(events.items())
    rounds = 0
    while owed or any(row[1] == "waiting" for row in line.rows()):
        for key, event in owed[:2]:
            line.add(key, event=event)
        del owed[:2]
        try:
            send(line.hall, lambda name: Route(lambda: channel), one_by_one)
        except (Killed, OSError):
            line.hall.store = whole
        line.now += chance.choice((1, 40, 1_000))
        rounds += 1
        assert rounds < 2_000
    states = {key: state for key, state, _tries, _detail in line.rows()}
    shown = Counter(channel.shown)
    for key, event in events.items():
        expected = Counter({(key, n): 1 for n in range(1 + len(key) % 3)})
        found = Counter({part: n for part, n in shown.items() if part[0] == key})
        if event in MARKED:
            assert max(found.values(), default=0) <= 1, "twice"
            assert states[key] == SENT or (states[key] == UNSURE and key in channel.harmed)
            assert states[key] != SENT or found == expected
        else:
            assert states[key] == SENT
            assert any(key in subject.split("+") for subject, _part in shown)
