"""`punchsync rules`: packs listed, read in every form, checked and compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packs.test_packs_booklet import PACK
from punchsync.packs.shelf import shipped

from .commandline import punchsync
from .site import TOML, Hall

OWN = TOML.replace('pack = "yihuang"', 'pack = "packs/own.toml"')


def own(folder: Path, text: str = PACK, settings: str = OWN) -> Hall:
    """A hall with a pack of its own."""
    hall = Hall(folder, settings)
    (folder / "packs").mkdir()
    (folder / "packs" / "own.toml").write_text(text, encoding="utf-8")
    return hall


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_list_names_every_pack_with_its_documents_and_what_it_asks() -> None:
    listed = punchsync(None, "rules", "list")
    packs = {p["id"]: p for p in json.loads(punchsync(None, "rules", "list", "--json").out)["packs"]}

    assert (listed.status, list(packs)) == (0, sorted(shipped()))
    assert "yihuang  宜黄县行政服务中心  《宜黄县行政服务中心窗口服务考评办法》、《" in listed.out
    assert list(packs["county"]["answers"]) == ["late_points", "training_late_points"]
    assert "    须由大厅答复 late_points：" in listed.out
    assert packs["yihuang"]["answers"] == {}


def test_a_pack_is_read_without_a_site_and_what_it_asks_stays_open() -> None:
    shown = punchsync(None, "rules", "show", "county")

    assert shown.status == 0
    assert "个人 考勤 扣 〔待答复〕 分" in shown.out
    assert "  late_points = 〔待答复〕  " in shown.out


def test_a_hall_s_answers_are_taken_into_its_own_pack_by_whatever_name(tmp_path: Path) -> None:
    answered = OWN.replace('pack = "packs/own.toml"', 'pack = "packs/own.toml"\nanswers = { late_points = "0.3" }')
    hall = own(tmp_path, settings=answered)

    for name in ("packs/own.toml", str(tmp_path / "packs" / "own.toml")):
        shown = hall.done("rules", "show", name)
        assert "个人 考勤 扣 0.3 分" in shown
        assert "已按“示范县政务服务中心”的解释与答复" in shown


@pytest.mark.parametrize(
    ("form", "begins"),
    [("txt", "宜黄县行政服务中心（yihuang）".encode()), ("html", b"<!doctype html>"), ("docx", b"PK"), ("json", b"{")],
)
def test_a_pack_is_written_in_every_form(tmp_path: Path, form: str, begins: bytes) -> None:
    by_suffix, by_format = tmp_path / f"a.{form}", tmp_path / "b"

    statuses = [
        punchsync(None, "rules", "show", "yihuang", "--out", str(by_suffix)).status,
        punchsync(None, "rules", "show", "yihuang", "--format", form, "--out", str(by_format)).status,
    ]

    assert statuses == [0, 0]
    assert by_suffix.read_bytes().startswith(begins)
    assert by_format.read_bytes().startswith(begins)


def test_json_is_one_object_on_stdout() -> None:
    found = json.loads(punchsync(None, "rules", "show", "yihuang", "--json").out)

    assert (found["id"], [c["short"] for c in found["chapters"]]) == (
        "yihuang",
        ["考评办法", "先进个人", "考勤制度", "学习制度"],
    )


def test_a_file_that_can_not_be_written_and_a_pack_that_is_not_there_are_wrong_usage(tmp_path: Path) -> None:
    out = str(tmp_path / "missing" / "a.html")
    unwritten = punchsync(None, "rules", "show", "yihuang", "--out", out)
    unknown = punchsync(None, "rules", "show", "nowhere")

    assert (unwritten.status, out in unwritten.err) == (2, True)
    assert (unknown.status, "nowhere" in unknown.err, "yihuang" in unknown.err) == (2, True, True)


# lint


def test_a_pack_with_nothing_wrong_is_said_to_have_nothing_wrong() -> None:
    ran = punchsync(None, "rules", "lint", "yihuang")

    assert (ran.status, ran.err) == (0, "")


def test_a_pack_that_does_not_load_is_complained_about_with_file_key_and_remedy(tmp_path: Path) -> None:
    path = written(tmp_path, "own.toml", PACK.replace('says = "晚到一秒即迟到"', "say = 1"))

    ran, as_json = (punchsync(None, "rules", "lint", path, *more) for more in ((), ("--json",)))

    found = json.loads(as_json.out)
    assert (ran.status, as_json.status, ran.out) == (2, 2, "")
    assert [(c["file"], c["key"]) for c in found["complaints"]] == [
        ("own.toml", "punctuality.1.says"),
        ("own.toml", "punctuality.1.say"),
    ]
    assert all(c["found"] and c["allowed"] and c["remedy"] for c in found["complaints"])
    assert all(f"own.toml：「{c['key']}」" in ran.err for c in found["complaints"])


def test_what_is_only_doubtful_is_status_1(tmp_path: Path) -> None:
    uncited = '[[document]]\nid = "f"\ntitle = "没有引用的文件"\nshort = "文件"\n'
    path = written(tmp_path, "own.toml", PACK.replace("[[interpretation]]", uncited + "[[interpretation]]"))

    ran = punchsync(None, "rules", "lint", path)
    found = json.loads(punchsync(None, "rules", "lint", path, "--json").out)

    assert (ran.status, found["complaints"]) == (1, [])
    assert "document.f" in [d["key"] for d in found["doubts"]]
    assert all(d["key"] in ran.err for d in found["doubts"])


def test_a_hall_s_missing_answer_is_a_complaint_about_its_own_pack_only(tmp_path: Path) -> None:
    hall = own(tmp_path)

    ran = hall.run("rules", "lint", "packs/own.toml")

    assert (ran.status, "hall.answers.late_points" in ran.err) == (2, True)
    assert hall.run("rules", "lint", "county").status in (0, 1)


# diff


def test_a_changed_rule_is_named_with_its_article_and_both_values(tmp_path: Path) -> None:
    a = written(tmp_path, "a.toml", PACK)
    b = written(tmp_path, "b.toml", PACK.replace('points = "0.5"', 'points = "1"'))

    ran = punchsync(None, "rules", "diff", a, b)
    found = json.loads(punchsync(None, "rules", "diff", a, b, "--json").out)

    assert (ran.status, ran.out.splitlines()) == (
        0,
        [
            "改  item  late  迟到扣分〔办法 第二条; 细则 三1(2); 2026-09-01 起〕",
            "      charges.1.points：0.5 → 1",
            "共 1 处不同",
        ],
    )
    assert found["differences"] == [
        {
            "table": "item", "id": "late", "what": "changed", "from": "2026-09-01", "to": None,
            "cites": ["办法 第二条", "细则 三1(2)"], "says": "迟到扣分",
            "changes": [{"key": "charges.1.points", "old": "0.5", "new": "1"}],
        }
    ]  # fmt: skip


def test_packs_that_do_not_differ_are_status_0_and_say_so() -> None:
    ran = punchsync(None, "rules", "diff", "yihuang", "yihuang")

    assert (ran.status, ran.out) == (0, "没有不同\n")


def test_a_pack_that_extends_another_differs_by_what_it_changes(tmp_path: Path) -> None:
    text = 'extends = "yihuang"\nid = "own"\nname = "本厅"\ndrop = ["item.badge"]\n'

    ran = punchsync(None, "rules", "diff", "yihuang", written(tmp_path, "own.toml", text))

    assert ran.status == 0
    assert "删  item  badge  " in ran.out
