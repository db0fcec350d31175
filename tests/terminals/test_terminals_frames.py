from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.emulator import wire
from punchsync.emulator.wire import Packet
from punchsync.terminals.frames import LONGEST, Frame, FrameError, FrameReader, mismatch, verifies, wrap

FRAMES = [Frame(2000, 7982, 1, b""), Frame(1501, 0, 2, b"\x01\x02\x03"), Frame(500, 1, 0, bytes(32))]
STREAM = b"".join(wire.frame(Packet(f.command, f.session, f.reply, f.payload)) for f in FRAMES)
PIECES = st.lists(st.integers(0, len(STREAM)), max_size=8)


def taken(reader: FrameReader) -> list[Frame]:
    frames = []
    while (frame := reader.take()) is not None:
        frames.append(frame)
    return frames


def fed(*pieces: bytes) -> list[Frame]:
    reader = FrameReader()
    frames = []
    for piece in pieces:
        reader.feed(piece)
        frames += taken(reader)
    return frames


def test_frames_that_arrive_together_are_told_apart() -> None:
    assert fed(STREAM) == FRAMES


def test_frames_that_arrive_byte_by_byte_are_put_together() -> None:
    assert fed(*(STREAM[i : i + 1] for i in range(len(STREAM)))) == FRAMES


@settings(deadline=None)
@given(PIECES)
def test_frames_are_the_same_wherever_the_stream_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    assert fed(*(STREAM[a:b] for a, b in pairwise(edges))) == FRAMES


def test_a_frame_that_is_not_complete_is_waited_for() -> None:
    reader = FrameReader()
    reader.feed(STREAM[:15])
    assert (reader.take(), reader.held) == (None, 15)


@pytest.mark.parametrize("garbage", [b"H", b"HTTP/1.1", b"\x50\x50\x82\x7e", b"\x50\x51"])
def test_garbage_between_frames_is_named_and_nothing_after_it_is_taken(garbage: bytes) -> None:
    reader = FrameReader()
    reader.feed(wire.frame(Packet(2000, 1, 1)) + garbage + STREAM)
    assert reader.take() == Frame(2000, 1, 1, b"")
    for _ in range(2):
        with pytest.raises(FrameError, match=f"garbage={garbage.hex()}"):
            reader.take()


@pytest.mark.parametrize("length", [0, 7, LONGEST + 1, 2**32 - 1])
def test_a_length_that_no_frame_has_is_refused_before_it_is_waited_for(length: int) -> None:
    reader = FrameReader()
    reader.feed(b"\x50\x50\x82\x7d" + length.to_bytes(4, "little"))
    with pytest.raises(FrameError, match=f"frame_length={length}"):
        reader.take()


@pytest.mark.parametrize("length", [8, LONGEST])
def test_the_shortest_and_the_longest_frame_are_taken(length: int) -> None:
    assert len(fed(wrap(bytes(length)))[0].payload) == length - 8


@settings(deadline=None)
@given(st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 65535), st.binary(max_size=64))
def test_a_checksum_made_by_the_other_codec_verifies(command: int, session: int, reply: int, payload: bytes) -> None:
    assert verifies(wire.pack(Packet(command, session, reply, payload)))


@settings(deadline=None)
@given(st.binary(max_size=64), st.data())
def test_a_changed_byte_never_verifies(payload: bytes, data: st.DataObject) -> None:
    packet = bytearray(wire.pack(Packet(1501, 7982, 9, payload)))
    packet[data.draw(st.integers(0, len(packet) - 1))] ^= data.draw(st.integers(1, 255))
    assert not verifies(bytes(packet))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_random_bytes_are_refused_or_waited_for(pieces: list[bytes]) -> None:
    try:
        frames = fed(*pieces)
    except FrameError:
        return
    assert sum(16 + len(f.payload) for f in frames) <= sum(map(len, pieces))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(STREAM) - 1), st.integers(1, 255))
def test_a_damaged_stream_gives_no_frame_that_was_not_sent(at: int, change: int) -> None:
    damaged = bytearray(STREAM)
    damaged[at] ^= change
    try:
        frames = fed(bytes(damaged))
    except FrameError:
        return
    assert all(f in FRAMES for f in frames if f.sound)


def test_what_does_not_verify_is_named() -> None:
    good = Frame(2000, 5, 3, b"")
    assert [
        mismatch(good, 5, 3),
        mismatch(good, None, None),
        mismatch(good._replace(sound=False), 5, 3),
        mismatch(good, 6, 3),
        mismatch(good, 5, 4),
    ] == ["", "", "checksum=wrong command=2000", "session=5 expected=6", "reply=3 expected=4"]
