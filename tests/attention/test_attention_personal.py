"""People with an address are told of what is booked on their own account, once, and of what is reversed."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from e2e.site import LATER, MONDAY, TOML, Hall, attlog, incident, staff
from punchsync.bootstrap import opened
from punchsync.core.moment import parse_moment
from punchsync.core.notice import Message, Notice
from punchsync.core.outbox import Answer
from punchsync.deliver.notice import AppriseChannel, Unusable
from punchsync.notice_words import personal
from punchsync.operations.personal import Personal, tell

BOTH = Personal(frozenset({"booked", "reversed"}))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 and P2, who are posted and have addresses; P3, who has none."""
    hall = Hall(tmp_path / "site", TOML + '[appeals]\ndays = 5\n[personal]\nurl = "credential:mail"\n')
    rows = [staff(f"P{n}", name=f"某{n}", to="") for n in (1, 2, 3)]
    assert hall.bring("staff", *rows).status == 0
    for n in (1, 2):
        hall.done("contact", "set", f"P{n}", f"p{n}@example.cn")
    return hall


def look(hall: Hall, on: Personal | None = BOTH, at: str = LATER) -> list[Notice]:
    """One look of the service; the notices that it made."""
    with opened(hall.path, parse_moment(at)) as site:
        with site.store.writing() as work:
            before = len(work.notices.waiting())
            tell(site.hall, work, on, lambda items: personal(site.hall.name, items), site.hall.clock.now())
        with site.store.reading() as work:
            return work.notices.waiting()[before:]


def late(hall: Hall, user: str = "1", clock: str = "08:42:07") -> None:
    """Somebody comes late on Monday, and all is settled."""
    path = hall.write("p.dat", attlog(clock, "12:00:30", "14:20:00", "18:00:00", user=user))
    hall.done("import", "punches", str(path), "--terminal", "T1", "--through", LATER)
    hall.done("settle", "--as-of", LATER)


def test_nobody_is_told_of_what_was_booked_before_the_first_time_and_each_of_what_is_their_own_after_it(hall: Hall):
    late(hall)
    assert look(hall) == [] and look(hall) == []
    hall.bring("incident", incident("I1", f"{MONDAY} 11:00"), {**incident("I2", f"{MONDAY} 11:30"), "person_id": "P3"})
    hall.done("settle", "--as-of", LATER)
    [told] = look(hall)
    assert (told.channel, told.event, told.subject) == ("person:P1", "personal", "示范县政务服务中心：您的考勤记账通知")
    [line] = [line for line in told.body.splitlines() if line.startswith("- ")]
    assert line.startswith(f"- {MONDAY}") and "串岗" in line and "扣 " in line and "依据 " in line
    assert re.search(r"；有异议请在 2026-11-15 前（含当日）申诉$", line)
    assert "某1" not in told.body and look(hall) == []


def test_several_entries_of_a_settle_go_in_one_message_and_what_is_reversed_is_told(hall: Hall):
    look(hall)
    late(hall)
    hall.bring("incident", incident("I1", f"{MONDAY} 11:00"))
    hall.done("settle", "--as-of", LATER)
    booked, absent = look(hall)
    assert absent.channel == "person:P2" and absent.body.count("旷工半天") == 2
    lines = [line for line in booked.body.splitlines() if line.startswith("- ")]
    assert len(lines) >= 2 and any("迟到" in line and "上午" in line for line in lines)
    ruling = {
        "ruling_id": "D1", "person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "wandering",
        "effect": "excuse", "as_kind": "", "document": "裁字", "decided_by": "效能办", "decided_at": "2026-11-10 09:00",
    }  # fmt: skip
    hall.bring("ruling", ruling)
    hall.done("settle", "--as-of", LATER)
    [back] = look(hall)
    assert (
        back.subject == "示范县政务服务中心：您的考勤账目已冲回"
        and "脱岗、串岗、玩游戏，原扣的 2 分已冲回（账目 E" in back.body
    )


def test_what_was_booked_and_reversed_in_between_is_told_to_nobody_and_nothing_is_while_it_is_off(hall: Hall):
    late(hall)
    look(hall)
    hall.bring("incident", incident("I1", f"{MONDAY} 11:00"))
    hall.done("settle", "--as-of", LATER)
    ruling = {
        "ruling_id": "D1", "person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "wandering",
        "effect": "excuse", "as_kind": "", "document": "裁字", "decided_by": "效能办", "decided_at": "2026-11-10 09:00",
    }  # fmt: skip
    hall.bring("ruling", ruling)
    hall.done("settle", "--as-of", LATER)
    assert look(hall) == []
    look(hall, None)
    hall.bring("incident", incident("I2", f"{MONDAY} 11:40"), {**incident("I3", f"{MONDAY} 10:30"), "person_id": "P2"})
    hall.done("settle", "--as-of", LATER)
    assert look(hall, None) == [] and look(hall) == []


def test_only_what_was_asked_for_is_told(hall: Hall):
    late(hall)
    look(hall)
    hall.bring("incident", incident("I1", f"{MONDAY} 11:00"))
    hall.done("settle", "--as-of", LATER)
    assert look(hall, Personal(frozenset({"reversed"}))) == []


# Where it goes


class Mailbox:
    """A mail server on loopback that takes one message after another, or hangs up after its data."""

    def __init__(self, cut: bool = False) -> None:
        self.cut = cut
        self.to: list[list[str]] = []
        self.data: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(20)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    @property
    def url(self) -> str:
        port = self.door.getsockname()[1]
        return f"mailto://127.0.0.1:{port}?from=hall@example.cn&to=boss@example.cn&cc=all@example.cn&mode=insecure"

    def serve(self) -> None:
        while True:
            try:
                line, _address = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                self.talk(line, said)

    def talk(self, line: socket.socket, said: object) -> None:
        line.sendall(b"220 hall\r\n")
        to: list[str] = []
        for raw in said:  # type: ignore[attr-defined] # a file of lines
            word = raw[:4].upper()
            if word == b"RCPT":
                to.append(raw.decode().split("<")[1].split(">")[0])
            if word == b"DATA":
                line.sendall(b"354 go on\r\n")
                data = b"".join(iter(said.readline, b".\r\n"))  # type: ignore[attr-defined] # a file of lines
                self.to.append(to)
                self.data.append(data)
                if self.cut:
                    return
            line.sendall(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join()


@pytest.fixture
def mailbox(request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    found = Mailbox(getattr(request, "param", False))
    yield found
    found.close()


def test_mail_goes_to_the_person_alone_as_a_page_that_shows_data_as_it_is(mailbox: Mailbox):
    channel = AppriseChannel("person:P1", mailbox.url, "p1@example.cn")
    message = Message("您的考勤", "您好：\n\n- 张\\* \\<b\\> 迟到\n- 二", marked=True)
    assert [channel.send(part) for part in channel.parts(message)] == [Answer("delivered", "sent")]
    assert mailbox.to == [["p1@example.cn"]]
    mail = message_from_bytes(mailbox.data[0], policy=policy.default)
    assert (mail["Subject"], mail["To"], mail["Cc"]) == ("您的考勤", "p1@example.cn", None)
    page = mail.get_body(("html",)).get_content()
    assert "<li>张* &lt;b&gt; 迟到</li>" in page and "boss" not in mailbox.data[0].decode()


@pytest.mark.parametrize("mailbox", [True], indirect=True)
def test_of_mail_that_was_cut_off_after_its_data_nobody_knows_whether_it_arrived(mailbox: Mailbox):
    channel = AppriseChannel("person:P1", mailbox.url, "p1@example.cn")
    assert channel.send(Message("题", "文")) == Answer("unsure", "cut")


def test_where_no_mail_server_is_it_was_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    channel = AppriseChannel("person:P1", f"mailto://127.0.0.1:{port}?from=a@b.cn&to=c@d.cn&mode=insecure", "p1@e.cn")
    assert channel.send(Message("题", "文")) == Answer("again", "unreachable")


def test_only_mail_is_for_a_person_alone():
    with pytest.raises(Unusable):
        AppriseChannel("person:P1", "json://127.0.0.1/x", "p1@example.cn")


def test_a_person_whose_address_is_gone_has_no_way_to_be_written_to(hall: Hall):
    (hall.path / "credentials").mkdir()
    (hall.path / "credentials/mail").write_text("mailto://127.0.0.1:1?from=a@b.cn&to=c@d.cn")
    with opened(hall.path) as site:
        route = site.route("person:P1")
        assert route is not None and route.channel().name == "person:P1"
        hall.done("contact", "remove", "P1")
        assert site.route("person:P1") is None and site.route("group") is None
        site.check_personal()
