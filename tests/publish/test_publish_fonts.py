"""Chinese typefaces are found as files, a hall's own before the machine's; where there is none, it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from typefaces import collection, face

from punchsync.publish.fonts import Face, NoFont, find

SIGNS = "政务服务中心"


def test_a_halls_own_faces_are_known_by_the_names_inside_them_and_come_before_the_machines(tmp_path: Path) -> None:
    own, machine = tmp_path / "own", tmp_path / "machine"
    body = face(own / "a.ttf", "仿宋_GB2312", SIGNS)
    title = face(own / "deeper" / "b.TTF", "FZXiaoBiaoSong-B05S", SIGNS)
    head = face(own / "c.ttf", "SimHei", SIGNS)
    subhead = face(own / "d.ttf", "楷体_GB2312", SIGNS)
    song = face(machine / "noto" / "NotoSerifSC-Regular.ttf", "Noto Serif SC", SIGNS)

    found = find([str(own)], [str(machine)])

    assert dict(found.own) == {
        "title": Face("FZXiaoBiaoSong-B05S", title),
        "body": Face("仿宋_GB2312", body),
        "head": Face("SimHei", head),
        "subhead": Face("楷体_GB2312", subhead),
    }
    assert (found.serif, found.sans, found.folders) == (body, head, (own, machine))
    assert found.faces[-1] == Face("Noto Serif SC", song)


def test_of_a_collection_the_face_for_simplified_chinese_is_taken(tmp_path: Path) -> None:
    families = ("Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC")
    file = collection(tmp_path / "NotoSansCJK-Regular.ttc", families, SIGNS)

    found = find([], [str(tmp_path)])

    assert (found.serif, found.sans, found.sans_number) == (None, file, 2)
    assert found.faces == (Face("Noto Sans CJK SC", file, 2),)


def test_a_bold_sister_and_the_better_of_two_faces_are_taken(tmp_path: Path) -> None:
    face(tmp_path / "x" / "wqy-zenhei.ttc", "WenQuanYi Zen Hei", SIGNS)
    sans = face(tmp_path / "y" / "NotoSansSC-Regular.ttf", "Noto Sans SC", SIGNS)
    bold = face(tmp_path / "y" / "NotoSansSC-Bold.ttf", "Noto Sans SC", SIGNS)

    assert find([], [str(tmp_path)]).faces == (Face("Noto Sans SC", sans), Face("Noto Sans SC", bold))


def test_what_is_no_typeface_is_passed_over(tmp_path: Path) -> None:
    own = tmp_path / "own"
    face(own / "good.ttf", "黑体", SIGNS)
    (own / "broken.ttf").write_bytes(b"\x00\x01\x00\x00 not a typeface")
    (own / "readme.txt").write_text("仿宋")

    assert [f.family for f in find([str(own)], []).faces] == ["黑体"]


def test_without_any_chinese_face_it_is_said_where_was_looked_and_what_to_do(tmp_path: Path) -> None:
    face(tmp_path / "Latin.ttf", "Some Latin", "abc")

    with pytest.raises(NoFont) as caught:
        find([str(tmp_path), "/nowhere"], [])

    assert str(tmp_path) in str(caught.value)
    assert "/nowhere" in str(caught.value)
    assert "fonts-noto-cjk" in str(caught.value)
