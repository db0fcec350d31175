"""Appeals and decisions on them: added to, numbered by hall, with their evidence, each with its link."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from storekit import DAY_1, NOW

from punchsync.core.appeal import Appeal, AppealDecision, evidence
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.engine import reading

FILED = Appeal(0, "v1", 1, DAY_1, "p1", "公安", 1, "late", 900, "punch", "甲", "person", "电梯故障", "", NOW)
DECIDED = AppealDecision(2, "excused", "", "李主任", "申字 1 号", "", "appeal-000002", NOW + 5)
FILES = evidence([("照片.jpg", bytes(range(256))), ("说明.txt", "说明".encode())])


def test_appeals_are_numbered_by_hall_and_come_back_in_their_order(open_hall):
    store, other = open_hall(), open_hall()
    with store.writing() as work:
        first = work.appeals.file(FILED, [], NOW)
        second = work.appeals.file(FILED._replace(violation="v2", filed_at=NOW - 5), [], NOW)
    with other.writing() as work:
        elsewhere = work.appeals.file(FILED, [], NOW)
    assert [first, second, elsewhere] == [
        FILED._replace(number=1),
        FILED._replace(number=2, violation="v2", filed_at=NOW - 5),
        FILED._replace(number=1),
    ]
    with store.reading() as work:
        assert (work.appeals.all(), work.appeals.decisions()) == ([first, second], [])


def test_evidence_comes_back_byte_by_byte_and_only_with_its_appeal(open_hall):
    store, other = open_hall(), open_hall()
    with store.writing() as work:
        work.appeals.file(FILED, FILES, NOW)
        work.appeals.file(FILED, [], NOW)
    with other.writing() as work:
        work.appeals.file(FILED, FILES[1:], NOW)
    with store.reading() as work:
        found = [work.appeals.evidence(number) for number in (1, 2, 3)]
    assert found == [FILES, [], []]
    assert [(type(e.content), e.intact) for e in found[0]] == [(bytes, True)] * 2


def test_an_appeal_is_decided_once(store):
    with store.writing() as work:
        for _ in range(3):
            work.appeals.file(FILED, [], NOW)
        work.appeals.decide(DECIDED, NOW)
        work.appeals.decide(DECIDED._replace(appeal=1, outcome="withdrawn"), NOW)
    with pytest.raises(IntegrityError), store.writing() as work:
        work.appeals.decide(DECIDED, NOW)
    with store.reading() as work:
        assert work.appeals.decisions() == [DECIDED._replace(appeal=1, outcome="withdrawn"), DECIDED]


def test_an_appeal_is_linked_with_its_evidence_and_its_decision_by_itself(store):
    with store.writing() as work:
        filed = work.appeals.file(FILED, FILES, NOW)
        work.appeals.decide(DECIDED._replace(appeal=1), NOW)
    rows = [(store._hall, *filed), *((store._hall, 1, *e) for e in FILES)]
    with reading(store._engine) as connection:
        chain = SqlChain(connection, store._hall)
        assert chain.last("appeal") == (1, digest_of(rows))
        assert chain.last("appeal_decision") == (1, digest_of([(store._hall, *DECIDED._replace(appeal=1))]))


def test_nothing_of_an_appeal_is_there_when_the_work_is_undone(store):
    with pytest.raises(ZeroDivisionError), store.writing() as work:
        work.appeals.file(FILED, FILES, NOW)
        raise ZeroDivisionError
    with store.reading() as work:
        assert (work.appeals.all(), work.appeals.evidence(1)) == ([], [])
