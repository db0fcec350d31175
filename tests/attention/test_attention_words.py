"""Every state in words: what it is, what to do, and which command to type."""

from __future__ import annotations

import re

import pytest
from attentionkit import DAY, NOW, State

from punchsync.attention_words import LONGEST, message, notice, sentence, title
from punchsync.cli import verbs
from punchsync.core.attention import CLOSED, CODES, ESCALATED, OPENED
from punchsync.core.notice import Notice


def state(code: str, about: str = "T1", value: str = "5") -> State:
    return State(1, code, about, value, NOW, NOW)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("value", ["5", ""])
def test_every_code_has_a_title_and_a_command_to_type(code, value):
    said = sentence(state(code, value=value))
    [*commands] = re.findall(r"punchsync ([a-z]+)", said)
    assert title(code) != code
    assert commands
    assert set(commands) <= set(verbs())
    assert not said.endswith("。")


def test_a_silent_terminal_says_since_when_and_why():
    said = sentence(state("terminal_silent", value="timeout 2026-11-09 08:00:00"))
    assert said == (
        "考勤机 T1 自 2026-11-09 08:00:00 起没有读成：限时内没有应答：检查网线、电源与网络；"
        "办好后运行 punchsync poll T1"
    )
    assert "一次也没有读成" in sentence(state("terminal_silent", value="timeout"))


def test_a_notice_says_hall_what_since_when_and_what_to_do():
    full = state("log_nearly_full", value="900/1000")
    assert notice("示范厅", full, OPENED, NOW) == (
        "示范厅：需要处理：考勤机记录快满（T1）",
        f"{sentence(full)}。自 2026-11-10 09:00:00 起。",
    )
    assert notice("示范厅", full, ESCALATED, NOW + DAY + 5) == (
        "示范厅：仍未处理：考勤机记录快满（T1）",
        f"{sentence(full)}。自 2026-11-10 09:00:00 起，已 24 小时。",
    )
    assert notice("示范厅", full, CLOSED, NOW + DAY) == (
        "示范厅：已解除：考勤机记录快满（T1）",
        "自 2026-11-10 09:00:00 起，到 2026-11-11 09:00:00 已不再如此。",
    )


def test_what_others_said_is_cut_and_kept_on_one_line():
    subject, body = notice("厅", state("settings_refused", "", "甲\n乙" + "长" * 999), OPENED, NOW)
    assert "甲 乙" in body
    assert len(body) < LONGEST + 100
    assert "\n" not in subject + body


def test_several_notices_are_one_message():
    def made(n: int) -> Notice:
        return Notice(n, f"k{n}", "a", "disk_low", f"题{n}", f"文{n}", "waiting", 0, "", NOW, 0)

    assert message([made(1)]) == ("题1", "文1")
    assert message([made(1), made(2)]) == ("题1 等 2 件", "题1\n文1\n\n题2\n文2")
