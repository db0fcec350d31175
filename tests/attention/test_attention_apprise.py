"""Channels that Apprise speaks to: what they send, what came of it, and that their addresses stay secret."""

from __future__ import annotations

import io
import logging
import socket

import pytest
import structlog
from attentionkit import Answer, Receiver

from punchsync import logs
from punchsync.core.attention import CODES
from punchsync.deliver.notice import AppriseChannel, Unusable
from punchsync.settings.parts import NotifyPart

PASSWORD = "geheim-4711"


def address(port: int) -> str:
    return f"json://user:{PASSWORD}@127.0.0.1:{port}/tok{PASSWORD}?:key={PASSWORD}"


def test_a_notice_arrives_as_it_is(receiver: Receiver):
    channel = AppriseChannel("group", address(receiver.server_port))
    assert channel.send("厅：需要处理：磁盘快满", "磁盘只余 9 MiB。\n第二行 <b>&amp;") == Answer("delivered", "sent")
    [heard] = receiver.heard
    assert (heard["title"], heard["message"]) == ("厅：需要处理：磁盘快满", "磁盘只余 9 MiB。\n第二行 <b>&amp;")
    assert channel.sure


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_channel_that_refuses_is_tried_again(receiver: Receiver, status: int):
    receiver.status = status
    assert AppriseChannel("group", address(receiver.server_port)).send("题", "文") == Answer("again", f"http_{status}")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def test_a_channel_that_is_away_is_tried_again():
    assert AppriseChannel("group", address(free_port())).send("题", "文") == Answer("again", "unreachable")


@pytest.mark.parametrize(
    "url", ["", "nonsense", f"foo://{PASSWORD}", f"mailtos://:{PASSWORD}@", f"json://h/{PASSWORD} json://h/x"]
)
def test_what_is_no_address_says_nothing_of_what_it_is(url: str):
    with pytest.raises(Unusable) as caught:
        AppriseChannel("group", url)
    assert str(caught.value) == ""


@pytest.mark.parametrize(
    "url", ["wecombot://key123456", "dingtalk://abcdefghijkl", "feishu://abcdefghi-123-456789-xyz"]
)
def test_services_whose_word_is_not_to_be_believed_are_known(url: str):
    assert not AppriseChannel("group", url).sure


def test_no_log_ever_holds_an_address(receiver: Receiver, capfd):
    out = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure(out)
        root.setLevel(1)
        receiver.status = 500
        AppriseChannel("group", address(receiver.server_port)).send("题", "文")
        AppriseChannel("group", address(free_port())).send("题", "文")
        for bad in (f"foo://{PASSWORD}", f"mailtos://:{PASSWORD}@", f"json://{PASSWORD}@"):
            with pytest.raises(Unusable):
                AppriseChannel("group", bad)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    said = capfd.readouterr()
    assert PASSWORD not in out.getvalue() + said.out + said.err


def test_settings_say_who_is_told_what():
    from punchsync.bootstrap.channels import listeners

    parts = (
        NotifyPart(url="credential:group", on=("attention", "bulletin")),
        NotifyPart(url="credential:chief", on=("terminal_silent",), after=24),
        NotifyPart(url="credential:group", on=("terminal_silent", "outcome"), after=2),
        NotifyPart(url="credential:nobody"),
    )
    group, chief, nobody = listeners(parts)
    assert (group.name, set(group.after)) == ("group", {*CODES, "bulletin", "outcome"})
    assert (group.after["terminal_silent"], group.after["outcome"]) == (0, 7200)
    assert (chief.name, dict(chief.after)) == ("chief", {"terminal_silent": 86_400})
    assert (nobody.name, dict(nobody.after)) == ("nobody", {})
