"""`punchsync contact` and `punchsync notice`: who is written to where, and what becomes of what did not arrive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from e2e.site import TOML, Hall, staff
from punchsync.bootstrap import opened
from punchsync.core.moment import parse_moment


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path / "site", TOML)
    left = staff("P9", from_="2026-01-01", to="2026-01-31")
    assert hall.bring("staff", staff("P1", to=""), staff("P2", to=""), left).status == 0
    return hall


def contacts(hall: Hall) -> dict[str, str]:
    return {c["person"]: c["address"] for c in json.loads(hall.done("contact", "list", "--json"))["contacts"]}


def test_addresses_are_kept_changed_and_removed(hall: Hall):
    assert hall.done("contact", "list") == "还没有人登记收信地址\n"
    said = hall.done("contact", "set", "P1", "one@example.cn")
    hall.done("contact", "set", "P1", "uno@example.cn")
    hall.done("contact", "set", "P2", "two@example.cn")
    assert contacts(hall) == {"P1": "uno@example.cn", "P2": "two@example.cn"}
    assert hall.done("contact", "remove", "P1") == "P1 的收信地址已删去\n"
    assert hall.done("contact", "remove", "P1") == "P1 没有收信地址，没有改动\n"
    assert contacts(hall) == {"P2": "two@example.cn"} and "@" not in said
    log = "".join(p.read_text() for p in (hall.path / "access").iterdir())
    assert "contact set" in log and "@" not in log


@pytest.mark.parametrize("bad", ["x", "a@b", "a b@c.cn", "a@b.cn,c@d.cn", "甲@例.中国", "<a@b.cn>"])
def test_what_is_no_address_is_refused(hall: Hall, bad: str):
    ran = hall.run("contact", "set", "P1", bad)
    assert ran.status == 2 and bad not in ran.err.replace("name@example.cn", "")


def test_who_is_not_posted_has_no_address(hall: Hall):
    for person in ("P9", "nobody"):
        assert hall.run("contact", "set", person, "a@b.cn").status == 3


def test_a_file_brings_all_of_its_addresses_or_none(hall: Hall):
    hall.done("contact", "set", "P2", "two@example.cn")
    file = hall.write("c.csv", "邮箱,工号\none@example.cn,P1\n,P2\n".encode("gb18030"))
    assert hall.done("contact", "import", str(file)) == "已登记 1 人的收信地址，删去 1 人的\n"
    assert contacts(hall) == {"P1": "one@example.cn"}
    bad = "person_id,address\nP1,uno@example.cn\nP1,x@y.cn\n,z@y.cn\nP2,geheim\nP9,a@b.cn\n"
    ran = hall.run("contact", "import", str(hall.write("bad.csv", bad)))
    assert ran.status == 3 and contacts(hall) == {"P1": "one@example.cn"}
    assert ["第 3 行" in ran.err, "第 4 行" in ran.err, "第 5 行" in ran.err, "geheim" in ran.err] == [True] * 3 + [
        False
    ]
    assert hall.run("contact", "import", str(hall.write("h.csv", "a,b\n1,2\n"))).status == 3
    ran = hall.run("contact", "import", str(hall.write("s.csv", "person_id,address\nP1,\nP9,a@b.cn\n")))
    assert ran.status == 3 and contacts(hall) == {"P1": "one@example.cn"}


def test_what_nobody_knows_of_is_listed_and_decided_by_hand(hall: Hall):
    with opened(hall.path, parse_moment("2026-11-10 09:00:00")) as site, site.store.writing() as work:
        for n, state in enumerate(("unsure", "given_up", "sent", "waiting"), 1):
            work.notices.add(f"k{n}", "group", "bulletin", f"题{n}", "张三", site.clock.now())
            work.notices.note([n], state, {"unsure": "cut", "given_up": "dingtalk_310000"}.get(state, ""))
    assert hall.done("notice", "list") == (
        "编号  时间              渠道   通知  状态            原因\n"
        "1     2026-11-10 09:00  group  题1   不知道送到没有  发出以后连接断了\n"
        "2     2026-11-10 09:00  group  题2   已放弃          钉钉：加签、关键词或 IP 不符（310000）\n"
        "4     2026-11-10 09:00  group  题4   待送\n"
    )
    assert "1 条通知不知道送到没有" in hall.run("attention", "--as-of", "2026-11-10 09:00:00").out
    assert "1 条通知不知道送到没有" in hall.run("status").out
    assert hall.done("notice", "drop", "1") == "第 1 条通知（题1）不再送\n"
    assert hall.done("notice", "resend", "2") == "第 2 条通知（题2）会由服务再送一次\n"
    for number, said in (("3", "已送到"), ("7", "没有第 7 条通知")):
        ran = hall.run("notice", "resend", number)
        assert ran.status == 2 and said in ran.err
    rows = json.loads(hall.done("notice", "list", "--all", "--json"))["notices"]
    assert [row["state"] for row in rows] == ["dropped", "waiting", "sent", "waiting"]
    assert "张三" not in json.dumps(rows, ensure_ascii=False)
