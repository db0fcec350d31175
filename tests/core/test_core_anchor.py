"""Anchors: as printed, as typed, and against a chain."""

from __future__ import annotations

import pytest

from punchsync.core.anchor import Anchor, NoAnchor, anchor, head_of, parse, unheld
from punchsync.core.chain import Head, Link, broken, follow
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS

HASH = "3f9a51c2e07b4d6688aa1b2c" + "0" * 40


def links(*digests: str) -> list[Link]:
    made: list[Link] = []
    for n, digest in enumerate(digests, 1):
        previous = made[-1].hash if made else GENESIS
        made.append(Link(n, "closing", n, digest, follow(previous, "closing", n, digest, 5), 5))
    return made


def test_an_anchor_is_hall_height_and_24_digits_in_groups() -> None:
    assert str(anchor("demo", Head(1234, HASH))) == "demo 1234 3f9a-51c2-e07b-4d66-88aa-1b2c"
    assert str(Anchor("demo", 7, HASH[:18])) == "demo 7 3f9a-51c2-e07b-4d66-88"


@pytest.mark.parametrize(
    "text",
    [
        "demo 1234 3f9a-51c2-e07b-4d66-88aa-1b2c", "demo 1234 3f9a51c2e07b4d6688aa1b2c",
        "  DEMO\t1234\n3F9A 51C2 E07B 4D66 88AA 1B2C ", "ｄｅｍｏ　１２３４　３ｆ９ａ－５１ｃ２－e07b—4d66–88aa‐1b2c",
    ],
)  # fmt: skip
def test_spaces_dashes_width_and_case_do_not_matter(text: str) -> None:
    assert parse(text, "demo") == Anchor("demo", 1234, HASH[:24])


@pytest.mark.parametrize(
    "text",
    [
        "链锚：{}", "链锚: {}。", "Anchor: {}", "Chain anchor：{} ", " 锚 ： {} 。 ",
        "第 3 期 12 月 链锚：{}｡", "**链锚**：{}.",
    ],
)  # fmt: skip
def test_an_anchor_may_be_pasted_with_its_label_and_full_stop(text: str) -> None:
    made = Anchor("demo", 1234, HASH[:24])
    assert parse(text.format(made), "demo") == made


@pytest.mark.parametrize("hall", ["yi-huang", "361000", "厅", "Demo", "a:b"])
def test_halls_may_have_any_id(hall: str) -> None:
    made = anchor(hall, Head(12, HASH))
    for text in (str(made), f"链锚：{made}"):
        assert parse(text, hall) == made._replace(hash=HASH[:24])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"), ("demo", "form"), ("demo 1", "form"), ("demo 1 -", "form"), ("demo -1 " + HASH, "form"),
        ("demo 1 " + HASH + "0", "form"), ("demo 1 xyz", "form"), ("demo 1.5 " + HASH, "form"),
        ("demo " + "9" * 19 + " " + HASH, "form"), ("1 " + HASH, "form"), ("other 1 " + HASH, "hall"),
        ("链锚：other 1 " + HASH, "hall"), ("demo：other 1 " + HASH, "hall"), ("锚 demo 1 " + HASH, "hall"),
        ("demo 1 " + HASH[:15], "short"),
    ],
)  # fmt: skip
def test_what_is_no_anchor_says_why(text: str, reason: str) -> None:
    with pytest.raises(NoAnchor) as refused:
        parse(text, "demo")
    assert refused.value.reason == reason


def test_a_chain_holds_the_anchors_of_all_its_heights() -> None:
    chain = links("a", "b", "c")
    heads = [Head(0, GENESIS), *(Head(link.height, link.hash) for link in chain)]
    assert list(unheld([anchor("demo", head) for head in heads], chain)) == []
    assert head_of(chain) == heads[-1]
    assert head_of([]) == heads[0]
    assert list(unheld([anchor("demo", heads[0])], [])) == []


def test_a_shorter_chain_and_another_hash_are_named() -> None:
    old, new = links("a", "b", "c"), links("a", "x")
    held = [anchor("demo", Head(link.height, link.hash)) for link in old]
    assert list(unheld(held, new)) == [
        Difference("anchor", "link 2", str(Anchor("demo", 2, new[1].hash)), str(held[1])),
        Difference("anchor", "link 3", "height=2", str(held[2])),
    ]


def test_a_chain_names_its_first_link_that_does_not_follow() -> None:
    chain = links("a", "b", "c", "d")
    assert list(broken(chain)) == []
    assert [d.place for d in broken(chain[1:])] == ["link 1"]
    assert [d.place for d in broken([*chain[:2], chain[3]])] == ["link 3"]
    changed = [*chain[:1], chain[1]._replace(digest="x"), *chain[2:]]
    assert [d.place for d in broken(changed)] == ["link 2 (closing 2)"]
    assert list(broken(chain[:2])) == []  # nothing inside shows that an end is missing
