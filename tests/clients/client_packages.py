"""Public clients of the protocol, pinned, fetched by npm and pip and checked by hash, for a folder outside the project.

They are looked at from outside only: nothing of them is part of the project, of its dependencies or of its locks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

GIVEN = "ZK_CLIENTS"
"""Names a folder in which `npm install --ignore-scripts` put the packages already."""

NPM: Mapping[str, tuple[str, str]] = {
    "node-zklib": (
        "1.3.0",
        "eqsg2oMKx/Jsju3PQzCennW94NUNw3YsUbXidzOzNWWOwnW/dXePIXIjhmMBpZ3QSLiltEn7Z0Gi0htZQBWBAw==",
    ),
    "zklib": ("0.2.11", "Kdrpk9Nz6fhJmx/CZD0isYvSvI4R3devXWw7rzdoVEUOi+/ZLNnA3x82rdteqMkp/lQPOjTb2L/slvKLLmSF9A=="),
    "zklib-js": (
        "1.3.5",
        "sg6xsWss/4Q4KhOf4XyfKhehOy3pSBe35DW04eniPycWL1S2UXxKvyqheiFFZjWk7YWattHeVVrUXb6HDy0KzA==",
    ),
    "zkteco": ("1.10.21", "R1xWbPpVqAjfuRIp5vti2xfQKVjC6PQtTCO94TVTvI9pmiyX8sPKQWX2g373IM5NBFOJsa+y1AUIFSO82mnoSQ=="),
    "zkteco-js": (
        "1.7.2",
        "oTLG7tjzgxvFbIhyrnPoJNKPNz6ZI2hAx37fM4h372b9HqH7tWGkHgdEuZw92BdwETa0rwIn/TowscbkCr604Q==",
    ),
}
"""Version and SHA-512 of each package's tarball. What they name as dependencies none of them needs to run."""

PIP: Mapping[str, tuple[str, str]] = {
    "pyzk2": ("0.2", "20e3a125479401a98842fbaf1ae2a3bf19f17c0221d83a50798847c1171fdf2f"),
}
"""Version and SHA-256 of the file pip fetches."""


class NotInstalled(Exception):
    """A client can't be had here; says why."""


def node() -> str:
    """Give the node command; NotInstalled when there is none."""
    return _command("node")


def npm_clients(folder: Path, names: Iterable[str] = tuple(NPM), limit: float = 60) -> Path:
    """Give a folder of modules that holds these packages: the given one, or `folder` filled within `limit` seconds.

    NotInstalled when npm is missing, a package can't be fetched, or is not the one that is pinned.
    """
    wanted = list(names)
    given = os.environ.get(GIVEN)
    if given:
        modules = Path(given) / "node_modules"
        for name in wanted:
            _require_version(modules / name / "package.json", NPM[name][0])
        return modules
    modules = folder / "node_modules"
    missing = [name for name in wanted if not (modules / name).exists()]
    if missing:
        tarballs = folder / "tarballs"
        tarballs.mkdir(parents=True, exist_ok=True)
        specs = [f"{name}@{NPM[name][0]}" for name in missing]
        # Packed, not installed: no dependency comes along and no script of a package is run.
        _run([_command("npm"), "pack", *specs, "--pack-destination", str(tarballs)], folder, limit)
        for name in missing:
            _unpack(tarballs / f"{name}-{NPM[name][0]}.tgz", NPM[name][1], modules / name)
    return modules


def pip_client(folder: Path, name: str, limit: float = 60) -> Path:
    """Give a folder for the module path that holds this package and nothing else; NotInstalled when it can't be had."""
    target = folder / "python" / name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / f"{name}.txt"
        version, digest = PIP[name]
        wanted.write_text(f"{name}=={version} --hash=sha256:{digest}\n", encoding="utf-8")
        options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--quiet", "--retries=0"]
        fresh = folder / "fetched" / name
        command = [sys.executable, "-m", "pip", "install", *options, "--target", str(fresh), "-r", str(wanted)]
        _run(command, folder, limit)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(target)
    return target


def _command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotInstalled(f"no {name} on this machine")
    return found


def _run(command: list[str], folder: Path, limit: float) -> None:
    quick = {
        "npm_config_fetch_retries": "0",
        "npm_config_update_notifier": "false",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    what = " ".join([Path(command[0]).name, *command[1:4]])
    try:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **quick}, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{what} ... took more than {limit:g} s") from None
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if "error" in line.lower()]
        raise NotInstalled(f"{what} ... failed: {' / '.join(said[:3])[:300]}")


def _require_version(manifest: Path, version: str) -> None:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        raise NotInstalled(f"{GIVEN}: no {manifest.parent.name} in it") from None
    if found != version:
        raise NotInstalled(f"{GIVEN}: {manifest.parent.name} is {found}, not {version}")


def _unpack(tarball: Path, digest: str, target: Path) -> None:
    if base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode() != digest:
        raise NotInstalled(f"{tarball.name} is not the file that is pinned")
    room = tarball.with_suffix("")
    with tarfile.open(tarball) as opened:
        for member in opened:
            # The digest is ours; what is no plain file inside is of no use all the same.
            if member.isfile() and not Path(member.name).is_absolute() and ".." not in Path(member.name).parts:
                opened.extract(member, room, set_attrs=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    (room / "package").rename(target)
