"""What may go wrong when a terminal is read: how it is brought about, where it makes sense, and how a read must end.

Source: TERMINALS.md, "What breaks the peers", "What a faithful emulator reproduces".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from matrix_acts import (
    CHUNK,
    COUNT,
    DATA,
    DEAD,
    EVENT,
    EVER,
    FEBRUARY_31,
    GONE,
    PREPARE,
    Arm,
    all_logs_in_chunks,
    cleared,
    cleared_and_punched,
    client_inside,
    clock_to_be_set,
    code,
    copies_late,
    counts,
    deleted,
    doubled_but,
    duplicates,
    each,
    enrolled,
    first,
    given_away,
    keyed,
    lost,
    lost_rows,
    model,
    no_layout,
    no_users,
    nothing,
    odd_codes,
    off,
    once,
    other_log,
    reboots,
    refilled,
    replaced,
    senseless,
    serial,
    since,
    strange,
    unreadable,
    updated,
    whole_log,
    with_event,
    wrong,
    wrong_clock,
)
from matrix_scene import AGAIN, DAY, HISTORY, SLOTTED, TEXTUAL

from punchsync.emulator import faults
from punchsync.emulator.wire import Command

SHORT = 1.0
"""The deadline of a read that nothing answers, in seconds."""
STREAM = "a datagram comes whole or not at all"
DATAGRAMS = "TCP loses, doubles and swaps nothing"
SLOTS = "only rows of 8 bytes name a slot"
TEXTS = "only rows of 40 bytes and more hold the user id as text"
ASKED = "no other plan asks for it"


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong. `ends` says how a read of it may end: `read`, or codes of `FAILURES`.

    `plan` is the plan that must have been carried out: `asked` is the cell's own, empty is any. `model`, `key`,
    `second`, `long` (several chunks) and `full` (the log) are of the terminal from the beginning on, `given_key` of the
    hall. `anytime`: the log of any moment of the read may have been read. `only` and `but` say for which transports,
    layouts and plans there are cells, `why` why not for all.
    """

    name: str
    arm: Arm
    ends: tuple[str, ...] = ("read",)
    plan: str = ""
    only: Sequence[str] = ()
    but: Sequence[str] = ()
    why: str = ""
    deadline: float = 10.0
    model: Mapping[str, Any] = field(default_factory=dict)
    key: int = 0
    given_key: int = 0
    second: str | None = None
    long: bool = False
    full: bool = False
    anytime: bool = False

    def of(self, *said: str) -> bool:
        """Whether there is a cell with this transport, layout and plan."""
        groups = (("tcp", "udp"), (*SLOTTED, "16", *TEXTUAL), ("full", "tail", "range"))
        wanted = [[n for n in self.only if n in group] or group for group in groups]
        return all(one in group for one, group in zip(said, wanted, strict=True)) and not set(said) & set(self.but)


TCP: dict[str, Any] = {"only": ["tcp"], "why": STREAM}
UDP: dict[str, Any] = {"only": ["udp"], "why": DATAGRAMS}
CHUNKS: dict[str, Any] = {"but": ["range"], "why": "a range fits in one chunk"}
AS_ASKED: dict[str, Any] = {"plan": "asked"}
FAILS = {"ends": ("broken",)}
CUTS = {"ends": ("broken", "timeout"), "deadline": SHORT}
SILENT = {"ends": ("timeout",), "deadline": SHORT}
NEVER = {"ends": ("short", "broken", "timeout", "layout"), "deadline": 2.0}
MISCOUNT = {"ends": ("short",)}

FAULTS: tuple[Fault, ...] = (
    # Models
    Fault("none", nothing, **AS_ASKED),
    Fault("none, several chunks", nothing, **AS_ASKED, long=True),
    Fault("all at once, whatever its size", nothing, model={"inline_limit": 1 << 19}),
    Fault("in chunks, whatever its size", nothing, **AS_ASKED, model={"inline_limit": 0}),
    Fault("frames without index", nothing, **AS_ASKED, model={"indexed_frames": False}),
    Fault(
        "size table of 112 bytes, answers as data", nothing, **AS_ASKED, model={"sizes_bytes": 112, "data_answer": 2002}
    ),
    Fault("right key", nothing, **AS_ASKED, key=1234, given_key=1234),
    Fault("key 0 that is asked for", nothing, **AS_ASKED, model={"asks_key_zero": True}),
    Fault("key set since", keyed(1234), ("wrong_key",)),
    Fault("key changed since", keyed(4_000_000_000), ("wrong_key",), key=1234, given_key=1234),
    Fault("6001", model(encrypted_only=True), ("encrypted",)),
    Fault("1504 ignores its start", model(read_start="ignored")),
    Fault("1504 refuses a start", model(read_start="refused")),
    Fault("1504 ignores its start, several chunks", model(read_start="ignored"), ("broken",), long=True, **CHUNKS),
    Fault("1504 refuses a start, several chunks", model(read_start="refused"), ("broken",), long=True, **CHUNKS),
    Fault("4989 to 1503", model(buffer_refusal=4989), ("push_only",)),
    Fault("65535 to 1503", model(buffer_refusal=65535), ("broken",)),
    Fault("65533 to 1503", model(buffer_refusal=65533), ("broken",)),
    Fault("2001 to 1503", model(buffer_refusal=2001), ("broken",)),
    Fault("2001 to 1503, once", code(PREPARE, 2001)),
    Fault("4989 to 10004", model(time_range=False, range_refusal=4989), plan="full", only=["range"], why=ASKED),
    Fault("65535 to 10004", model(time_range=False, range_refusal=65535), plan="full", only=["range"], why=ASKED),
    Fault("65533 to 10004", model(time_range=False, range_refusal=65533), plan="full", only=["range"], why=ASKED),
    Fault("2001 to 10004", model(time_range=False, range_refusal=2001), plan="full", only=["range"], why=ASKED),
    Fault("10004 brings the whole log", lambda s: s.meets(whole_log), plan="full", only=["range"], why=ASKED),
    # How bytes arrive
    Fault("split in the head", wrong(lambda: faults.split_at(1, 3, 6, 9, 11, 15)), **AS_ASKED, **TCP),
    Fault("split in the payload", wrong(lambda: faults.split_at(16, 17, 20, 60, 1000)), **AS_ASKED, **TCP),
    Fault("dribble", wrong(lambda: faults.dribble(7)), **AS_ASKED, **TCP),
    Fault("coalesced", wrong(faults.coalesce), **AS_ASKED, **TCP),
    Fault("slow frames", wrong(lambda: faults.pace(0.002)), **AS_ASKED),
    Fault("slow answers", wrong(lambda: faults.delay(0.01)), **AS_ASKED),
    Fault("pauses inside frames", wrong(lambda: faults.stall(0.002)), **AS_ASKED, **TCP),
    Fault("stall inside a frame", wrong(lambda: faults.only(faults.stall(GONE), DATA)), **SILENT, **TCP),
    Fault("silence", wrong(faults.lose), ("busy", "timeout"), deadline=SHORT),
    Fault("silence since 1503", since(PREPARE, faults.lose), **SILENT),
    Fault("FIN in mid-transfer", wrong(faults.drop_mid_transfer)),
    Fault("FIN before the data", wrong(lambda: faults.drop_mid_transfer(keep=0))),
    Fault("FIN after 300 bytes", wrong(lambda: faults.cut_after(300))),
    Fault("FIN in each transfer", wrong(lambda: faults.drop_mid_transfer(EVER)), **{**CUTS, "deadline": 3.0}),
    Fault("RST in mid-transfer", wrong(lambda: faults.drop_mid_transfer(reset=True))),
    Fault(
        "RST in each transfer", wrong(lambda: faults.drop_mid_transfer(EVER, reset=True)), **{**CUTS, "deadline": 3.0}
    ),
    Fault("FIN in a later chunk", once(CHUNK, faults.drop_mid_transfer, skip=1), long=True, **CHUNKS),
    Fault("reboot, soon back", reboots(0.1)),
    Fault("reboot, gone", reboots(GONE), ("broken", "refused", "timeout"), deadline=3.0),
    Fault("unplugged", lambda s: s.terminal.unplug(), ("refused",)),
    Fault("another client inside", client_inside, ("busy",), second="refuse"),
    Fault(
        "another client inside, this one waits",
        client_inside,
        ("busy",),
        only=["tcp"],
        deadline=SHORT,
        second="wait",
        why="nobody waits for datagrams",
    ),
    Fault("garbage once", once(COUNT, faults.garbage)),
    Fault("garbage between frames", wrong(faults.garbage), **FAILS, **TCP),
    Fault("garbage between datagrams", wrong(faults.garbage), **AS_ASKED, **UDP),
    Fault("truncated once", once(PREPARE, lambda: faults.truncate(3))),
    Fault("truncated data", wrong(lambda: faults.only(faults.truncate(3), DATA)), **CUTS),
    # What frames say
    Fault("checksum wrong once", once(COUNT, faults.corrupt_checksum)),
    Fault("checksum of data wrong once", wrong(lambda: faults.only(faults.corrupt_checksum(), DATA, times=1))),
    Fault("checksum of data wrong", wrong(lambda: faults.only(faults.corrupt_checksum(), DATA)), **CUTS),
    Fault("checksum wrong", wrong(faults.corrupt_checksum), **CUTS),
    Fault("short chunk once", wrong(lambda: faults.only(faults.short_chunk(8), DATA, times=1))),
    Fault("short chunks", wrong(lambda: faults.short_chunk(8)), **NEVER),
    Fault("chunks a record short", lambda s: s.suffers(faults.short_chunk(int(s.layout.rstrip("bp")))), **NEVER),
    Fault("long chunk once", wrong(lambda: faults.only(faults.long_chunk(bytes(8)), DATA, times=1))),
    Fault("long chunks", wrong(lambda: faults.long_chunk(bytes(40))), **NEVER),
    Fault("wrong reply number once", once(COUNT, faults.wrong_reply)),
    Fault("wrong reply numbers", wrong(faults.wrong_reply), **CUTS),
    Fault("wrong session once", once(COUNT, faults.wrong_session)),
    Fault("wrong sessions", wrong(faults.wrong_session), **CUTS),
    Fault("event in mid-transfer", wrong(lambda: faults.interject(EVENT)), **AS_ASKED),
    Fault("an event before each frame", wrong(lambda: with_event), **AS_ASKED),
    Fault("busy once", code(Command.CONNECT, 2003)),
    Fault("busy", wrong(lambda: faults.busy(EVER)), ("busy",)),
    Fault("busy in mid-session", code(PREPARE, 2003)),
    Fault("session forgotten", code(PREPARE, 2005)),
    Fault("unknown answer once", code(CHUNK, 2444), ("read",), model={"inline_limit": 0}),
    # Datagrams
    Fault("all doubled", wrong(faults.duplicate), **AS_ASKED, **UDP),
    Fault("data doubled", wrong(lambda: faults.only(faults.duplicate(3), DATA)), **AS_ASKED, **UDP),
    Fault("lost: answer to CONNECT", lost(Command.CONNECT), **UDP),
    Fault("lost: count", lost(COUNT), **AS_ASKED, **UDP),
    Fault("lost: answer to 1503", lost(PREPARE), **AS_ASKED, **UDP),
    Fault("lost: first of a chunk", all_logs_in_chunks(lost(CHUNK, 0)), **AS_ASKED, **UDP),
    Fault("lost: second of a chunk", all_logs_in_chunks(lost(CHUNK, 1)), **AS_ASKED, **UDP),
    Fault("lost: end of a chunk", once(CHUNK, lambda: faults.only(faults.lose(), 2000)), **AS_ASKED, **UDP),
    Fault("lost: a whole chunk", lost(CHUNK), **AS_ASKED, **UDP, long=True),
    Fault("lost: every fifth datagram of data", wrong(lambda: faults.lose(*range(4, 40, 5))), **UDP),
    Fault("lost: all data", wrong(lambda: faults.only(faults.lose(), DATA)), **CUTS, **UDP),
    Fault("late: a datagram of data", all_logs_in_chunks(wrong(lambda: faults.late(DATA))), **AS_ASKED, **UDP),
    Fault("late: data after the next answer", all_logs_in_chunks(wrong(lambda: faults.late(DATA, answers=1))), **UDP),
    Fault("late: answer to 1503", since(PREPARE, lambda: faults.late(2000, answers=1)), **UDP),
    Fault("late: a copy of each answer", wrong(lambda: copies_late()), **UDP),
    Fault("swapped: data", wrong(faults.reorder), **AS_ASKED, **UDP),
    Fault("swapped: all of a chunk", wrong(lambda: faults.reorder(1500, 1501, 2000)), **AS_ASKED, **UDP),
    Fault("requests lost", lambda s: s.meets(each(2, CHUNK)), **AS_ASKED, **UDP, model={"inline_limit": 0}),
    Fault("1503 lost", lambda s: s.meets(first(PREPARE, 0)), **AS_ASKED, **UDP),
    Fault("requests doubled", lambda s: s.meets(doubled_but(Command.CONNECT)), **AS_ASKED, **UDP),
    # Each CONNECT opens a session of its own, and ends the one before; nobody can know which was first.
    Fault("requests doubled, CONNECT too", lambda s: s.meets(doubled_but()), ("read", "broken"), **UDP),
    Fault("CONNECT doubled once", lambda s: s.meets(first(Command.CONNECT, 2)), **UDP),
    # Counts
    Fault("count +1", wrong(lambda: faults.lie_count(1)), **MISCOUNT),
    Fault("count -1", wrong(lambda: faults.lie_count(-1)), **MISCOUNT),
    Fault("count +7", wrong(lambda: faults.lie_count(7)), **MISCOUNT),
    Fault("count -7", wrong(lambda: faults.lie_count(-7)), **MISCOUNT),
    Fault("count doubled", counts(2), ("short", "layout")),
    Fault("count halved", counts(0.5), ("short", "layout")),
    Fault("count 0", counts(0), ("short", "emptied")),
    Fault("count below 0", model(sizes={8: -1}), **FAILS),
    Fault("count +1 once", once(COUNT, lambda: faults.lie_count(1))),
    Fault("total +1 record", off(1), **NEVER),
    Fault("total -1 record", off(-1), **NEVER),
    Fault("total +1 byte", off(0, 1), **NEVER),
    # Meanwhile
    Fault("a punch between count and read", lambda s: s.during(PREPARE, lambda: s.punch(175))),
    Fault("punches between count and read", lambda s: s.during(PREPARE, lambda: s.punch(174, 174, 175, 170))),
    Fault("a punch during the read", all_logs_in_chunks(lambda s: s.during(CHUNK, lambda: s.punch(175))), anytime=True),
    Fault("a punch after the read", lambda s: s.during(COUNT, lambda: s.punch(175), skip=1), anytime=True),
    Fault("cleared between count and read", lambda s: s.during(PREPARE, lambda: cleared(s)), ("short", "emptied")),
    Fault(
        "cleared during the read",
        all_logs_in_chunks(lambda s: s.during(CHUNK, lambda: cleared(s))),
        ("short", "emptied"),
    ),
    Fault("cleared and punched between count and read", cleared_and_punched),
    Fault("cleared since the last read", cleared, ("emptied",)),
    Fault("cleared since, fewer now", refilled(9)),
    Fault("cleared since, as many now", refilled(HISTORY)),
    Fault("cleared since, more now", refilled(HISTORY + 40)),
    Fault("wrapped", nothing, full=True),
    Fault("wrapped, nothing known left", lost_rows, full=True),
    Fault("wrapped between count and read", lambda s: s.during(PREPARE, lambda: s.punch(175, 176)), full=True),
    Fault(
        "clock set in mid-session", lambda s: s.during(PREPARE, lambda: s.device.set_clock(AGAIN + timedelta(hours=3)))
    ),
    Fault("clock at 2000", lambda s: s.device.lose_battery(), **AS_ASKED),
    Fault("clock senseless", once(Command.GET_TIME, senseless), **AS_ASKED),
    Fault("clock not told", code(Command.GET_TIME, 2001), **AS_ASKED),
    Fault("clock to be set", clock_to_be_set, **AS_ASKED),
    # Records
    Fault("impossible date", strange("impossible_date", FEBRUARY_31)),
    Fault("dead battery", strange("dead_clock", DEAD, DEAD + timedelta(minutes=9))),
    Fault("later than now", strange("future", AGAIN + timedelta(days=3), AGAIN + timedelta(days=400))),
    Fault("unreadable user id", strange("unreadable_user_id", DAY, raw=unreadable), only=TEXTUAL, why=TEXTS),
    Fault(
        "empty user id",
        strange("empty_user_id", DAY.replace(hour=14), user="0"),
        only=["16"],
        why="other ids are text, or slots",
    ),
    Fault("odd codes", odd_codes),
    Fault("exact duplicates", duplicates),
    Fault("clock was back for a while", wrong_clock),
    Fault("deleted user", deleted, only=SLOTTED, why=SLOTS),
    Fault("slot given to another", given_away, only=SLOTTED, why=SLOTS),
    Fault("new user", enrolled, only=SLOTTED, why=SLOTS),
    Fault("no list of users", lambda s: s.meets(no_users), **FAILS, only=SLOTTED, why=SLOTS),
    Fault("one user more counted", model(sizes={4: 6}), **FAILS, only=SLOTTED, why=SLOTS),
    Fault("one user less counted", model(sizes={4: 4}), **FAILS, only=SLOTTED, why=SLOTS),
    Fault("another serial number", serial("S7"), ("other_device",)),
    Fault("the serial number of another terminal", serial("S2"), ("other_device",)),
    Fault("no serial number", model(options={"~SerialNumber": ""}), ("other_device",)),
    Fault("another log", other_log, ("other_device",)),
    Fault("another device, accepted", replaced, plan="full", only=["full"], why="it is read in full"),
    Fault("another layout since", updated, plan="full", only=TEXTUAL, why="others hold other user ids"),
    Fault("no layout known", no_layout, ("layout", "short")),
)
