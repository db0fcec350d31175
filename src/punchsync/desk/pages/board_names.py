"""Names as the hall's display shows them: the surname and a star for each other sign, whole, or not at all."""

from __future__ import annotations

from typing import Final

DOUBLE: Final = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙",
    "慕容", "令狐", "长孙", "宇文", "司空", "鲜于", "闾丘", "端木", "百里", "东郭", "南门", "呼延",
    "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠", "轩辕", "钟离", "闻人",
    "万俟", "第五", "拓跋", "完颜", "纳兰", "西门", "左丘", "梁丘", "谷梁",
})  # fmt: skip
"""Surnames of two signs."""
MOST: Final = 2
"""Stars at most: how long a rare name is may tell whose it is."""


def public(name: str, how: str) -> str:
    """A name for the display; `how` is masked, full or none. A masked one is never the whole name."""
    name = "".join(name.split())
    if how == "full":
        return name
    if how == "none" or not name:
        return ""
    surname = 2 if name[:2] in DOUBLE and len(name) > 2 else 1
    return name[:surname] + "*" * min(max(len(name) - surname, 1), MOST)
