import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.emulator import wire
from punchsync.emulator.wire import FrameReader, Packet

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"

PACKETS = [Packet(1000, 0, 1), Packet(1501, 7982, 2, b"odd"), Packet(2000, 65535, 65535, bytes(40))]
STREAM = b"".join(wire.frame(packet) for packet in PACKETS)


def test_a_coalesced_stream_gives_all_its_packets_at_once() -> None:
    assert FrameReader().feed(STREAM) == PACKETS


def test_a_stream_fed_byte_by_byte_gives_the_same_packets() -> None:
    reader = FrameReader()
    found = [packet for at in range(len(STREAM)) for packet in reader.feed(STREAM[at : at + 1])]
    assert (found, reader.skipped) == (PACKETS, 0)


@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_a_stream_cut_anywhere_gives_the_same_packets(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    reader = FrameReader()
    pieces = [STREAM[a:b] for a, b in pairwise(edges)]
    assert [packet for piece in pieces for packet in reader.feed(piece)] == PACKETS


def test_garbage_between_frames_is_skipped_and_counted() -> None:
    reader = FrameReader()
    garbage = b"\x50\x50noise"
    data = garbage + wire.frame(PACKETS[0]) + garbage + wire.frame(PACKETS[1])
    found = [packet for at in range(len(data)) for packet in reader.feed(data[at : at + 1])]
    assert (found, reader.skipped) == (PACKETS[:2], 2 * len(garbage))


def test_a_frame_with_an_absurd_length_is_skipped() -> None:
    absurd = wire.MAGIC + (1 << 31).to_bytes(4, "little")
    assert FrameReader().feed(absurd + wire.frame(PACKETS[0])) == PACKETS[:1]


def test_a_wrong_checksum_is_said_and_not_swallowed() -> None:
    data = bytearray(wire.frame(PACKETS[1]))
    data[-1] ^= 1
    assert [packet.sound for packet in FrameReader().feed(bytes(data))] == [False]


@given(st.binary(min_size=8, max_size=64))
def test_the_checksum_is_the_sum_of_the_words_with_their_carries(packet: bytes) -> None:
    padded = packet[:2] + b"\0\0" + packet[4:] + b"\0" * (len(packet) % 2)
    total = sum(int.from_bytes(padded[at : at + 2], "little") for at in range(0, len(padded), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    assert wire.checksum(packet) == 0xFFFF - total


def test_a_packet_shorter_than_its_head_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8 bytes"):
        wire.unpack(bytes(7))


@pytest.mark.parametrize(("key", "scrambled"), [(1234, "41363266"), (5678, "09093266")])
def test_the_comm_key_is_scrambled_as_published(key: int, scrambled: str) -> None:
    assert wire.scramble(key, 7982).hex() == scrambled


def test_a_time_survives_packing() -> None:
    at = datetime(2026, 10, 8, 8, 30, 59)
    assert wire.unpack_time(wire.pack_time(at)) == at


def test_the_31st_of_february_can_be_packed_but_is_no_day() -> None:
    packed = wire.pack_fields(2026, 2, 31, 17, 33, 9)
    assert (wire.unpack_fields(packed), wire.unpack_time(packed)) == ((2026, 2, 31, 17, 33, 9), None)


def recorded_frames() -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    if (vectors := CASES / "pyzk_test_vectors" / "pyzk_test_vectors.json").exists():
        tests = json.loads(vectors.read_text())["tests"]
        found += [(r["hex"], r["checksum_ok"]) for t in tests for r in t["recv"] if "checksum_ok" in r]
    if (dumps := CASES / "zk_protocol_doc" / "hexdumps.json").exists():
        listed = json.loads(dumps.read_text())["vectors"]
        found += [(r["hex"], r["checksum_ok"]) for r in listed if "checksum_ok" in r]
    return found


def test_recorded_frames_of_real_devices_verify_as_noted() -> None:
    noted = recorded_frames()
    if not noted:
        pytest.skip("recorded frames are not here")
    # Two blobs hold a second frame after the first; the note is about the first.
    found = [FrameReader().feed(bytes.fromhex(frame))[0].sound for frame, _ in noted]
    assert found == [sound for _, sound in noted]


def test_recorded_sound_frames_are_rebuilt_byte_for_byte() -> None:
    sound = [bytes.fromhex(frame) for frame, is_sound in recorded_frames() if is_sound]
    if not sound:
        pytest.skip("recorded frames are not here")
    for data in sound:
        assert b"".join(wire.frame(packet) for packet in FrameReader().feed(data)) == data
