"""What a terminal is made of: its people, its rows, and how its model answers on the wire."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from types import MappingProxyType
from typing import Literal

Transport = Literal["tcp", "udp"]

Layout = Literal["8", "8b", "16", "40", "49", "40p", "49p"]
"""How a log row is laid out: its bytes; "8b" is 8 with the state before the time (MA300, ZEM500), "40p" has a
prefix of nine bytes once before all rows, "49p" the same before each row."""

ChunkWay = Literal["data", "prepare", "frames"]
"""How READ_BUFFER is answered over TCP: one DATA; PREPARE_DATA, one DATA, ACK_OK; or PREPARE_DATA, DATA frames
of `Traits.frame_bytes`, ACK_OK. Over UDP it is always the last, in datagrams of `Traits.udp_frame_bytes`."""


@dataclass(frozen=True, slots=True)
class User:
    """One enrolled person; `uid` is the terminal's slot, `user_id` the number people type.

    `raw`, if given, is the row as a real terminal gave it, and is given back as it is.
    """

    uid: int
    user_id: str
    name: str = ""
    privilege: int = 0
    card: int = 0
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One log row as the terminal keeps it; `time` is the packed u32, which need not be a real date.

    `raw`, if given, is the row as a real terminal gave it, and is given back as it is.
    """

    uid: int
    user_id: str
    time: int
    verify: int = 1
    state: int = 0
    reserved: bytes = bytes(8)
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """How this model answers on the wire; the defaults are an F18/K40 that public clients read.

    `chunks` is "prepare" and not "frames" by default: a public client (pyzk 0.9) times out on 1,008-byte
    frames when some of them arrive together, which on loopback they do unless `faults.pace` keeps them apart.
    `indexed_frames`: each of many DATA frames, and the ACK_OK after them, has the frame's index in its session
    field. `buffer_refusal` answers any DATA_WRRQ, `range_refusal` the one for a time range where `time_range`
    is false. `read_start` is what READ_BUFFER does with a start other than 0. `sizes` overrides numbers of the
    size table by index. `data_answer` carries the payloads of FREE_SIZES, options, version and time.
    `total_off` is added to the total in the blob. `prepared_tail` is the last four bytes of the answer that
    announces a buffer, a checksum of it when None. `connect_payload` comes with the answer to CONNECT.
    `record_bytes` is the layout said as a number.
    """

    name: str = "F18"
    firmware: str = "Ver 6.60 Apr 28 2017"
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    chunks: ChunkWay = "prepare"
    frame_bytes: int = 1008
    udp_frame_bytes: int = 1024
    indexed_frames: bool = True
    inline_limit: int = 1024
    largest_chunk: int = 65_472
    udp_largest_chunk: int = 16_384
    read_start: Literal["honoured", "ignored", "refused"] = "honoured"
    sizes_bytes: Literal[80, 92, 112] = 80
    sizes: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    record_bytes: InitVar[Literal[8, 16, 40, 49] | None] = None
    layout: Layout = "40"
    user_bytes: Literal[28, 72] = 72
    event_bytes: Literal[10, 12, 14, 32, 36, 37, 52] = 32
    encoding: str = "utf-8"
    asks_key_zero: bool = False
    encrypted_only: bool = False
    time_range: bool = False
    range_refusal: int = 2001
    buffer_refusal: int | None = None
    data_answer: Literal[2000, 2002] = 2000
    total_off: int = 0
    prepared_tail: bytes | None = None
    connect_payload: bytes = b""

    def __post_init__(self, record_bytes: int | None) -> None:
        if record_bytes is not None:
            object.__setattr__(self, "layout", str(record_bytes))
