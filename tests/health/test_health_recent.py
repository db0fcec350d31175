"""A look that is shared: kept for a while, one at a time, and nobody waits long for it."""

from __future__ import annotations

import threading

from punchsync.service.recent import Late, Recent


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_was_found_is_told_again_until_it_is_too_old() -> None:
    clock, looks = Hands(), iter(range(9))
    recent = Recent(lambda: next(looks), keep=5, patience=10, clock=clock)
    assert [recent.get(), recent.get()] == [0, 0]
    clock.now = 4.9
    assert recent.get() == 0
    clock.now = 5.0
    assert recent.get() == 1


def test_a_look_that_hangs_is_begun_once_and_waited_for_only_so_long() -> None:
    clock, free, begun = Hands(), threading.Event(), []

    def hang() -> str:
        begun.append(1)
        assert free.wait(20)
        return "at last"

    recent = Recent(hang, keep=5, patience=0.1, clock=clock)
    assert recent.get() == Late(0)
    clock.now = 7
    assert [recent.get(), recent.get()] == [Late(7), Late(7)]
    assert begun == [1]
    free.set()
    clock.now = 0.0
    while isinstance(found := recent.get(), Late):
        pass
    assert found == "at last"


def test_many_who_ask_at_once_share_one_look() -> None:
    gate, looks, found = threading.Event(), [], []

    def look() -> int:
        assert gate.wait(20)
        looks.append(1)
        return len(looks)

    recent = Recent(look, keep=60, patience=20)
    asking = [threading.Thread(target=lambda: found.append(recent.get())) for _ in range(8)]
    for each in asking:
        each.start()
    gate.set()
    for each in asking:
        each.join(20)
    assert (found, looks) == ([1] * 8, [1])
