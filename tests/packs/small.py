"""A small well-formed pack, and one whose source leaves something open."""

PACK = """
id = "small"
name = "小厅"
[[document]]
id = "d"
title = "某办法"
short = "办法"
[[interpretation]]
id = "small.day"
value = "09:00-12:00+14:00-17:00"
says = "作息"
[[shift]]
id = "day"
name = "平时"
sessions = "$small.day"
[[season]]
id = "whole"
shift = "day"
begins = "01-01"
ends = "12-31"
[[punctuality]]
id = "punctuality"
says = "晚一秒即迟到"
late_seconds = 1
early_seconds = 1
cites = ["d 1"]
[[category]]
id = "kaoqin"
account = "person"
name = "考勤"
base = 10
cap = 10
period = "month"
cites = ["d 2"]
[[item]]
id = "late"
name = "迟到"
kinds = ["late"]
charges = [{ account = "person", category = "考勤", points = "0.5" }]
cites = ["d 3"]
says = "迟到扣分"
"""
ITEM = PACK[PACK.index("[[item]]") :]

ASKED = PACK.replace('points = "0.5"', 'points = "$answer.late_points"') + (
    '[[answer]]\nid = "late_points"\nsays = "迟到扣几分"\n[[answer]]\nid = "other_points"\nsays = "其他扣几分"\n'
)


def changed(*pairs: tuple[str, str]) -> str:
    """The small pack with texts replaced, each of which stands in it once."""
    text = PACK
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
