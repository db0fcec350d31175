"""A hall's own pack for tests: yihuang, and what amends it."""

from __future__ import annotations

OWN = """
id = "own"
name = "示范县政务服务中心"
extends = "yihuang"
"""
STRICT = """
[[punctuality]]
id = "punctuality"
says = "迟到、早退满 5 分钟起算"
late_seconds = 300
early_seconds = 300
cites = ["kaoqin 1"]
from = {first}
"""
DEARER = """
[[item]]
id = "late_early"
name = "迟到、早退"
says = "迟到或早退，每人每次扣分"
kinds = ["late", "early"]
charges = [{ account = "person", category = "勤", points = "1" }]
cites = ["xianjin 三3(2)(3)"]
"""
