"""Channels that Apprise speaks to: what they send, what came of it, and that their addresses stay secret."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from attentionkit import Answer, Message, Receiver
from pydantic import ValidationError

from punchsync import logs
from punchsync.core.attention import CODES
from punchsync.core.quiet import parse_quiet
from punchsync.deliver.notice import AppriseChannel, Unusable
from punchsync.settings.parts import NotifyPart

PASSWORD = "geheim-4711"


def address(port: int) -> str:
    return f"json://user:{PASSWORD}@127.0.0.1:{port}/tok{PASSWORD}?:key={PASSWORD}"


def test_a_notice_arrives_as_it_is(receiver: Receiver):
    channel = AppriseChannel("group", address(receiver.server_port))
    plain = Message("厅：需要处理：磁盘快满", "磁盘只余 9 MiB。\n第二行 <b>&amp;")
    assert [channel.send(part) for part in channel.parts(plain)] == [Answer("delivered", "sent")]
    [heard] = receiver.heard
    assert (heard["title"], heard["message"]) == ("厅：需要处理：磁盘快满", "磁盘只余 9 MiB。\n第二行 <b>&amp;")


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_channel_that_refuses_is_tried_again(receiver: Receiver, status: int):
    receiver.status = status
    assert AppriseChannel("group", address(receiver.server_port)).send(Message("题", "文")) == Answer(
        "again", f"http_{status}"
    )


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def test_a_channel_that_is_away_is_tried_again():
    assert AppriseChannel("group", address(free_port())).send(Message("题", "文")) == Answer("again", "unreachable")


@pytest.mark.parametrize(
    "url", ["", "nonsense", f"foo://{PASSWORD}", f"mailtos://:{PASSWORD}@", f"json://h/{PASSWORD} json://h/x"]
)
def test_what_is_no_address_says_nothing_of_what_it_is(url: str):
    with pytest.raises(Unusable) as caught:
        AppriseChannel("group", url)
    assert str(caught.value) == ""


@contextmanager
def door(answer: bytes = b"") -> Iterator[int]:
    """The port of somebody who reads a request, answers with these bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            with contextlib.suppress(OSError), listener.accept()[0] as line:
                line.recv(65_536)
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.close()
            thread.join()


def test_of_what_was_cut_off_after_it_was_sent_nobody_knows_whether_it_arrived():
    with door() as port:
        assert AppriseChannel("group", address(port)).send(Message("题", "文")) == Answer("unsure", "cut")


def test_a_service_that_knows_no_marks_is_sent_none(monkeypatch: pytest.MonkeyPatch, receiver: Receiver):
    channel = AppriseChannel("group", address(receiver.server_port))
    marked = Message("题", "**张\\***：迟到 1\n\n| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |", marked=True)
    assert channel.send(marked).meaning == "delivered"
    monkeypatch.setattr(channel._service, "notify_format", channel._service.notify_format[:1])
    assert channel.send(marked).meaning == "delivered"
    assert [heard["message"] for heard in receiver.heard] == [marked.body, "张*：迟到 1\n\n- 一：乙 二"]


def test_no_log_ever_holds_an_address(receiver: Receiver, capfd):
    out = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure(out)
        root.setLevel(1)
        receiver.status = 500
        AppriseChannel("group", address(receiver.server_port)).send(Message("题", "文"))
        AppriseChannel("group", address(free_port())).send(Message("题", "文"))
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
    assert {one.level for one in (group, chief, nobody)} == {"masked"} and group.quiet is None


def test_of_several_parts_about_one_channel_the_most_careful_level_counts_and_the_first_quiet_hours():
    from punchsync.bootstrap.channels import listeners

    levels = [("full", ""), ("numbers", "21:30-07:30"), ("masked", "12:00-14:00")]
    parts = [NotifyPart(url="credential:g", on=("bulletin",), level=level, quiet=quiet) for level, quiet in levels]
    [group] = listeners(parts)
    assert (group.level, group.quiet) == ("numbers", parse_quiet("21:30-07:30"))
    assert listeners(parts[:1])[0].level == "full"


@pytest.mark.parametrize("text", ["21:30", "21:30-21:30", "24:00-07:00", "9:00-10:00", "x"])
def test_quiet_hours_are_two_different_times(text: str):
    with pytest.raises(ValidationError, match="21:30-07:30"):
        NotifyPart(url="credential:g", quiet=text)
