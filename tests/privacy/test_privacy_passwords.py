"""Passwords are kept as hashes that cost what they should, and an unknown login costs as much as a wrong password."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from punchsync.desk.access import passwords
from punchsync.desk.access.passwords import hashed, matches, nobody, profile, stale

GOOD = "窗口今天9点开门迎客"


def test_a_password_is_hashed_as_rfc_9106_recommends_and_salted() -> None:
    one, other = hashed(GOOD), hashed(GOOD)
    found = extract_parameters(one)
    assert (found.type, found.time_cost, found.memory_cost, found.parallelism) == (Type.ID, 3, 65536, 4)
    assert (found.salt_len, found.hash_len, one != other, GOOD in one) == (16, 32, True, False)
    assert [matches(one, typed) for typed in (GOOD, "窗口今天９点开门迎客", "", GOOD + " ", "\ud800")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert [matches(hash, GOOD) for hash in ("", "geheim", "$argon2id$v=19$m=65536,t=3,p=4$x$y")] == [False] * 3


def test_a_hash_of_another_cost_is_to_be_made_anew() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    assert [stale(hash) for hash in (profile().hash("x"), cheap.hash("x"), "geheim")] == [False, True, True]


def test_for_nobody_a_password_is_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    class Counting(PasswordHasher):
        def verify(self, hash: Any, password: Any) -> Any:
            compared.append(extract_parameters(hash))
            return super().verify(hash, password)

    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "profile", lambda: counting)
    hash = hashed(GOOD)
    matches(hash, "wrong")
    nobody("wrong")
    matches("", "wrong")
    nobody("\ud800")
    assert len(compared) == 4
    assert len(set(map(str, compared))) == 1
