"""What robots are sent is signed, cut and written as their services want it, and their answers decide."""

from __future__ import annotations

import logging
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robotkit import NOW, SECRET, TOKEN, Platform, serving, text_of, title_of

from punchsync.core.marked import escape
from punchsync.core.notice import Message
from punchsync.core.outbox import Answer
from punchsync.deliver.robots import NoRobot, robot_of
from punchsync.deliver.robots.address import place_of
from punchsync.deliver.robots.cut import cut
from punchsync.deliver.robots.robot import Robot, in_json

SHORT = Message("厅：需要处理：磁盘快满", "磁盘只余 9 MiB；运行 punchsync check")
LONG = Message("厅：月报", "\n".join(f"- 第 {n} 行：{'某' * 60} <b>😀" for n in range(400)), marked=True)
SENT = Answer("delivered", "sent")


def robot(url: str, timeout: float = 5.0, stamp: float = NOW) -> Robot:
    found = robot_of("group", url, lambda: stamp, timeout)
    assert found is not None
    return found


def sent(to: Robot, message: Message) -> list[Answer]:
    return [to.send(part) for part in to.parts(message)]


def test_a_message_is_taken(platform: Platform):
    assert sent(robot(platform.url), SHORT) == [SENT]
    [said] = platform.taken
    assert title_of(platform.kind, said) == "厅：需要处理：磁盘快满"
    assert "磁盘只余 9 MiB；运行 punchsync check" in text_of(platform.kind, said)


def test_a_long_message_goes_in_numbered_parts_that_are_taken_and_lose_nothing(platform: Platform):
    to = robot(platform.url)
    answers = sent(to, LONG)
    assert len(answers) > 1 and set(answers) == {SENT}
    titles = [title_of(platform.kind, said) for said in platform.taken]
    assert titles == [f"厅：月报（{n}/{len(titles)}）" for n in range(1, len(titles) + 1)]
    whole = "\n".join(text_of(platform.kind, said) for said in platform.taken)
    assert all(f"第 {n} 行：{'某' * 60}" in whole for n in range(400))
    assert to.parts(LONG) == to.parts(LONG)


TOO_FAST = {
    "dingtalk": ({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, 600),
    "wecom": ({"errcode": 45009, "errmsg": "api freq out of limit"}, 60),
    "feishu": ({"code": 11232, "data": {}, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]"}, 60),
}
REFUSED = {
    "dingtalk": [(310000, "dingtalk_310000"), (400102, "dingtalk_400102")],
    "wecom": [(93000, "wecom_93000"), (60020, "wecom_60020")],
    "feishu": [(19021, "feishu_19021"), (19022, "feishu_19022"), (19024, "feishu_19024"), (9499, "feishu_9499")],
}


def test_what_comes_too_fast_waits_as_long_as_the_service_wants(platform: Platform):
    said, rest = TOO_FAST[platform.kind]
    platform.script = [(200, said)]
    assert sent(robot(platform.url), SHORT) == [Answer("again", "too_fast", after=rest)]


def test_feishu_says_both_that_a_request_is_bad_and_that_there_are_too_many_by_one_code():
    with serving("feishu") as platform:
        platform.script = [(200, {"code": 9499, "data": {}, "msg": "too many request"})]
        assert sent(robot(platform.url), SHORT) == [Answer("again", "too_fast", after=60)]


def test_what_is_refused_is_given_up_with_the_code_that_says_why(platform: Platform):
    name = "code" if platform.kind == "feishu" else "errcode"
    for code, known in REFUSED[platform.kind]:
        platform.script = [(200, {name: code, "errmsg": f"see {platform.url}", "msg": SECRET})]
        assert sent(robot(platform.url), SHORT) == [Answer("parked", known)]


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (500, b"", Answer("again", "http_500")),
        (503, b"<html>", Answer("again", "http_503")),
        (429, b"", "too_fast"),
        (404, b"", Answer("parked", "http_404")),
        (302, b"", Answer("parked", "http_302")),
        (200, b"<html>log in first</html>", Answer("unsure", "strange_answer")),
        (200, b"{}", Answer("unsure", "strange_answer")),
        (200, b"[0]", Answer("unsure", "strange_answer")),
        (200, b'{"errcode": true, "code": null}', Answer("unsure", "strange_answer")),
    ],
)
def test_what_else_may_be_answered(platform: Platform, status: int, body: bytes, answer: Answer | str):
    platform.script = [(status, body)]
    [found] = sent(robot(platform.url), SHORT)
    assert (found.code if isinstance(answer, str) else found) == answer
    assert len(platform.heard) == 1


def test_of_what_was_cut_off_nobody_knows_whether_it_arrived(platform: Platform):
    platform.script = ["cut"]
    assert sent(robot(platform.url), SHORT) == [Answer("unsure", "cut")]


def test_an_answer_that_comes_byte_by_byte_ends_in_time(platform: Platform):
    platform.script = ["slow"]
    assert sent(robot(platform.url, timeout=0.3), SHORT) == [Answer("unsure", "timeout")]


def test_where_nobody_listens_it_was_not_sent():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    assert sent(robot(f"wecom+http://127.0.0.1:{port}/send?key=k"), SHORT) == [Answer("again", "unreachable")]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_a_wrong_secret_and_a_wrong_clock_are_refused(kind: str):
    code = {"dingtalk": "dingtalk_310000", "feishu": "feishu_19021"}[kind]
    with serving(kind) as platform:
        wrong = platform.url.replace("SEC0a", "SEC0b")
        assert sent(robot(wrong), SHORT) == [Answer("parked", code)]
        assert sent(robot(platform.url, stamp=NOW + 4_000), SHORT) == [Answer("parked", code)]
        assert platform.taken == []


def test_no_log_and_no_answer_holds_an_address_or_a_secret(platform: Platform, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    platform.script = ["cut", (500, {"url": platform.url}), (200, b"x")]
    to = robot(platform.url)
    found = [*sent(to, SHORT), *sent(to, SHORT), *sent(to, SHORT), *sent(to, SHORT)]
    out, err = capfd.readouterr()
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("punchsync")]
    for secret in (TOKEN, SECRET, "SEC0a1b2c"):
        assert secret not in f"{found}{to!r}{ours}{out}{err}"


# How it is written


def test_data_mentions_nobody_and_is_not_taken_for_marks(platform: Platform):
    nasty = "张* _李_ <at id=all></at> <@all> [x](http://e) `c` | # ~~z~~ \\ *"
    for message in (
        Message("题 <at id=all></at>", nasty),
        Message("题", f"**{escape('窗口*')}**：{escape(nasty)}", marked=True),
    ):
        assert sent(robot(platform.url), message) == [SENT]
        text = text_of(platform.kind, platform.taken[-1])
        body = text.split("\n\n", 1)[1] if platform.kind != "feishu" else text
        assert not {"<", "`", "](", "~~"} & {mark for mark in ("<", "`", "](", "~~") if mark in body}
        assert body.replace("**", "").count("*") == 0 and "张＊" in body


def test_tables_become_lines(platform: Platform):
    table = "| 窗口 | 迟到 | 早退 |\n| --- | --- | --- |\n| 公安 | 2 | |\n| 税\\|务 |  | 1 |\n\n末"
    assert sent(robot(platform.url), Message("题", table, marked=True)) == [SENT]
    lines = [line.rstrip() for line in text_of(platform.kind, platform.taken[0]).split("\n") if line.strip()]
    assert lines[-3:] == ["- **公安**：迟到 2", "- **税｜务**：早退 1", "末"]


def test_in_dingtalk_a_line_stays_a_line():
    with serving("dingtalk") as platform:
        sent(robot(platform.url), Message("题", "一\n二\n\n三", marked=True))
        assert text_of("dingtalk", platform.taken[0]) == "#### 题\n\n一  \n二\n\n三"


def test_a_command_that_is_to_be_typed_stays_as_it_is(platform: Platform):
    said = "运行 punchsync poll T_1；检查 [backup] 与 credentials/group"
    sent(robot(platform.url), Message("题", said))
    assert said in text_of(platform.kind, platform.taken[0])


@given(st.text(st.sampled_from("甲b\n é😀"), max_size=300), st.integers(12, 90))
def test_a_text_is_cut_between_characters_and_loses_only_space(text: str, most: int):
    pieces = cut(text, most, in_json)
    assert all(in_json(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_lines_that_fit_are_not_cut():
    assert cut("一二三\n四五六\n七八九", 24, lambda t: len(t.encode())) == ["一二三\n四五六", "七八九"]


# Where it goes


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("dingtalk://SECx@abc123", ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abc123", "SECx")),
        ("dingtalk://abc123/?secret=S", ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abc123", "S")),
        ("wecombot://a-b_c", ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-b_c", "")),
        ("feishu://t-1", ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/t-1", "")),
        ("lark://t-1", ("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/t-1", "")),
        (
            "https://oapi.dingtalk.com/robot/send?access_token=a&secret=SEC%2B",
            ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=a", "SEC+"),
        ),
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
            ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", ""),
        ),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/u?secret=s",
            ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/u", "s"),
        ),
        (
            "dingtalk+https://ding.gov.cn:8443/r?access_token=a",
            ("dingtalk", "https://ding.gov.cn:8443/r?access_token=a", ""),
        ),
        ("feishu+http://10.0.0.1/hook/x", ("feishu", "http://10.0.0.1/hook/x", "")),
    ],
)
def test_an_address_says_which_robot_it_is(url: str, place: tuple[str, str, str]):
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url", ["mailtos://u:p@h", "json://h/x", "https://example.cn/hook", "", "nonsense", "slack://a/b/c"]
)
def test_the_others_are_for_apprise(url: str):
    assert place_of(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "dingtalk://", "dingtalk://a b", "wecombot://?x=1", "feishu://", "https://oapi.dingtalk.com/robot/send",
        "http://oapi.dingtalk.com/robot/send?access_token=a", "https://open.feishu.cn/open-apis/bot/v2/hook/",
        "wecom+https://h/send", "wecom+ftp://h/send?key=k", "feishu+https:///x", "dingtalk+https://u:p@h/x?access_token=a",
        "https://oapi.dingtalk.com/robot/send?access_token=a b", "wecom+https://h:99999999/send?key=k",
    ],
)  # fmt: skip
def test_half_an_address_is_none_and_nothing_is_said_of_it(url: str):
    with pytest.raises(NoRobot) as caught:
        place_of(url)
    assert str(caught.value) == ""
