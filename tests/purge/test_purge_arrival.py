"""A log of which punches were erased, read whole again: what it held is known, and what is new in it is taken."""

from __future__ import annotations

from punchsync.core.reading import Defect, Row
from punchsync.store.arrival import Ends, Gone, arrive

EARLY, BEFORE, NOW = 737_800 * 86_400, 738_000 * 86_400, 739_000 * 86_400
"""2021, the first moment whose punches are kept (in that year too), and now."""


def rows(*records: tuple[str, int]) -> list[Row]:
    return [Row(n, f"{u}@{t}".encode(), u, t, "1", "0") for n, (u, t) in enumerate(records)]


OLD = [("a", EARLY), ("b", EARLY + 1), ("a", EARLY + 2)]
GONE = Gone(BEFORE, 5, {EARLY + 2: {3}})


def test_what_was_erased_does_not_come_back_and_the_log_began_with_it_all_the_same() -> None:
    known = {("a", BEFORE + 7, 0): 4, ("b", BEFORE + 9, 0): 5}
    log = rows(*OLD, ("a", BEFORE + 7), ("b", BEFORE + 9), ("c", BEFORE + 11))
    found = arrive(log, known, 5, NOW, None, GONE)
    assert ([row.device_user_id for row in found.new.rows], list(found.new.numbers)) == (["c"], [6])
    assert (found.spans, found.ends, found.old) == ([(3, 6)], Ends(EARLY, BEFORE + 11, (6,), None), 4)


def test_a_log_that_holds_nothing_but_what_was_erased_ends_where_it_ended() -> None:
    found = arrive(rows(*OLD), {}, 5, NOW, None, GONE)
    assert (list(found.new.rows), found.spans, found.ends) == ([], [(3, 3)], Ends(EARLY, EARLY + 2, (3,), None))


def test_a_record_behind_the_known_ones_is_of_a_clock_gone_wrong_where_there_was_one() -> None:
    known = {("a", BEFORE + 7, 0): 4}
    log = rows(*OLD, ("a", BEFORE + 7), ("c", EARLY + 50))
    right = arrive(log, known, 5, NOW, None, GONE)
    wrong = arrive(log, known, 5, NOW, None, GONE._replace(off=True))
    assert ([row.at for row in right.new.rows], [row.at for row in wrong.new.rows]) == ([], [EARLY + 50])


def test_a_record_of_a_dead_clock_behind_the_known_ones_is_never_taken_for_an_erased_one() -> None:
    found = arrive(rows(*OLD, ("c", 1000)), {}, 5, NOW, None, GONE)
    assert [row.at for row in found.new.rows] == [1000]


def test_a_log_without_any_known_record_is_another_one() -> None:
    """A device that was cleared, and whose clock is wrong: no record of it was ever read."""
    log = rows(("c", EARLY + 50), ("d", EARLY + 60))
    found = arrive(log, {}, 5, NOW, None, GONE._replace(off=True))
    assert ([row.device_user_id for row in found.new.rows], found.spans) == (["c", "d"], [(6, 7)])


def test_what_was_known_of_the_erased_days_stays_known() -> None:
    known = {("b", EARLY + 1, 0): 2}
    found = arrive(rows(*OLD), known, 5, NOW, None, GONE)
    assert (list(found.new.rows), found.spans) == ([], [(2, 3)])


def test_an_erased_defect_is_known_by_its_time_or_its_place() -> None:
    def defect(position: int, last: int | None) -> Defect:
        return Defect(position, b"x", "impossible_date", (), last, last)

    asked = [defect(9, BEFORE - 1), defect(9, BEFORE), defect(3, None), defect(4, None)]
    assert [GONE.has(one, 4) for one in asked] == [True, False, True, False]
