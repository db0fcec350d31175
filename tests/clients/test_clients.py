"""A sample of what public clients are asked by scripts/prove; it is skipped, and says so, where they can't be had."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import client_packages
import pytest
from client_list import CLIENTS, EVENT
from client_packages import NPM, NotInstalled, npm_clients, pip_client

from clients import installed, of_client, result

SAMPLE = [
    ("zk", "tcp", "log of 3000, chunks as data"),
    ("zk", "tcp", EVENT),
    ("zk", "udp", "key, counts, time, users"),
    ("zk", "udp", "log of 3000, rows of 16"),
    ("node-zklib", "tcp", "log of 3000"),
    ("node-zklib", "udp", "log of 50, rows of 8b"),
    ("node-zklib", "udp", "log of 3000, rows of 16"),
    ("node-zklib", "udp", EVENT),
    ("zkteco-js", "tcp", "log of 50"),
    ("zkteco-js", "udp", EVENT),
    ("zklib", "tcp", "log of 3000"),
    ("zklib", "udp", "log of 50"),
]

# A warning is what the end of a run shows of a skipped test.
pytestmark = pytest.mark.filterwarnings("always::UserWarning")

Modules = Callable[[str], Path]


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """Give where a client's modules are; skips loudly when it can't be had."""
    folder = tmp_path_factory.mktemp("clients")
    known: dict[str, Path | str] = {"zk": folder}
    try:
        client_packages.node()
        wanted = {name for name, _, _ in SAMPLE} & NPM.keys()
        known |= dict.fromkeys(wanted, npm_clients(folder, sorted(wanted)))
    except NotInstalled as why:
        known |= dict.fromkeys(NPM, str(why))

    def modules(name: str) -> Path:
        where = known[name]
        if isinstance(where, Path):
            return where
        said = f"the emulator was not tried with {name}: {where}"
        warnings.warn(said, UserWarning, stacklevel=2)
        pytest.skip(said)

    return modules


@pytest.mark.parametrize(("name", "transport", "what"), SAMPLE, ids=[" ".join(asked) for asked in SAMPLE])
def test_a_public_client_reads_what_the_terminal_holds(
    name: str, transport: str, what: str, fetched: Modules, tmp_path: Path
) -> None:
    modules = fetched(name)
    client = next(client for client in CLIENTS if (client.name, client.transport) == (name, transport))
    proof = next(proof for proof in of_client(client) if proof.what == what)
    *_, said, good = result(tmp_path, proof, {name: modules})
    assert good, said


def test_a_machine_without_npm_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(client_packages.GIVEN, raising=False)
    with pytest.raises(NotInstalled, match="no npm on this machine"):
        npm_clients(tmp_path, ["zklib"])
    assert installed(tmp_path, next(c for c in CLIENTS if c.name == "zklib")) == "no node on this machine"


def test_a_client_that_could_not_be_had_is_not_proved(tmp_path: Path) -> None:
    client = CLIENTS[0]
    row = result(tmp_path, of_client(client)[0], {client.name: "no network"})
    assert row == ("pyzk 0.9", "tcp", "key, counts, time, users", "not proved: no network", False)


def test_a_tarball_that_is_not_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(client_packages.GIVEN, raising=False)
    monkeypatch.setattr(client_packages, "_command", lambda name: name)
    # What npm would have left there.
    monkeypatch.setattr(client_packages, "_run", lambda command, folder, limit: leave(Path(command[-1])))

    def leave(tarballs: Path) -> None:
        (tarballs / "zklib-0.2.11.tgz").write_bytes(b"something else")

    with pytest.raises(NotInstalled, match=r"zklib-0\.2\.11\.tgz is not the file that is pinned"):
        npm_clients(tmp_path, ["zklib"])
    assert not (tmp_path / "node_modules").exists()


def test_a_given_folder_must_hold_the_pinned_versions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(client_packages.GIVEN, str(tmp_path))
    with pytest.raises(NotInstalled, match="no zklib in it"):
        npm_clients(tmp_path / "unused", ["zklib"])
    (tmp_path / "node_modules/zklib").mkdir(parents=True)
    manifest = tmp_path / "node_modules/zklib/package.json"
    manifest.write_text('{"version": "0.2.10"}', encoding="utf-8")
    with pytest.raises(NotInstalled, match=r"zklib is 0\.2\.10, not 0\.2\.11"):
        npm_clients(tmp_path / "unused", ["zklib"])
    manifest.write_text('{"version": "0.2.11"}', encoding="utf-8")
    assert npm_clients(tmp_path / "unused", ["zklib"]) == tmp_path / "node_modules"


def test_pip_that_can_fetch_nothing_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(NotInstalled, match=r"failed: .*No matching distribution"):
        pip_client(tmp_path, "pyzk2")
