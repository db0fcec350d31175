import pytest
from fuzzing import decodes, fuzz, streams

from punchsync.terminals import decode, frames


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_stream_gives_a_frame_that_was_not_in_it(seed: int) -> None:
    assert streams(seed, 2_500) == []


@pytest.mark.parametrize("seed", range(4))
def test_no_damaged_log_gives_a_punch_that_was_not_in_it(seed: int) -> None:
    assert decodes(seed, 2_500) == []


def test_the_same_seed_has_the_same_cases_and_they_find_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fuzz(1, 200) == []
    monkeypatch.setattr(frames, "verifies", lambda packet: True)
    monkeypatch.setattr(decode, "_NUMBERS", tuple(str(255 - n) for n in range(256)))
    faults = fuzz(1, 200)
    assert {fault.split("(")[0] for fault in faults} == {"streams", "decodes"}
    assert fuzz(1, 200) == faults
