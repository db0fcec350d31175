"""A hall's desk for the tests of this folder: built once for each worker, copied for each test that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from chromium import Seat, launched, needed
from deskkit import Browser, build, copied, desk_of
from playwright.sync_api import Browser as Chromium

from punchsync.desk.access import passwords


@contextmanager
def cheap() -> Iterator[None]:
    """Hashes that take no time; production's are another test's business."""
    before = passwords.profile
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords.profile = lambda: hasher  # type: ignore[assignment] # called as the cached one is
    try:
        yield
    finally:
        passwords.profile = before


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    with cheap():
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with cheap():
        return build(tmp_path_factory.mktemp("desk") / "site")


@pytest.fixture
def site_folder(template: Path, tmp_path: Path) -> Path:
    return copied(template, tmp_path / "site")


@pytest.fixture
def browser(site_folder: Path) -> Iterator[Browser]:
    with desk_of(site_folder) as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    needed()
    with launched() as made:
        yield made


@pytest.fixture
def seat(chromium: Chromium, browser: Browser) -> Iterator[Callable[..., Seat]]:
    """Sits somebody down at the desk; `width` in pixels, `script` whether scripts run."""
    seats: list[Seat] = []

    def sit(**how: object) -> Seat:
        seats.append(Seat(chromium, browser, **how))  # type: ignore[arg-type] # as Seat takes them
        return seats[-1]

    yield sit
    for each in seats:
        each.close()
