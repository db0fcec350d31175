"""Small bundles of a program that says its version and backs up; and a server of its own to install them on."""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""A server's own: whoever runs the tests may have a punchsync in theirs."""
PROGRAM = """\
import os, shutil, sys
from pathlib import Path

VERSION = {version!r}

def main():
    words = sys.argv[1:]
    if "PUNCHSYNC_PYTHON" in os.environ and "--version" not in words:
        sys.exit(2)
    if words[:1] == ["backup"]:
        shutil.copyfile(Path(os.environ["PUNCHSYNC_SITE"], "punchsync.toml"), Path(words[1], "copy"))
        print("backed up by", VERSION)
        sys.exit(int(os.environ.get("BACKUP_STATUS", "0")))
    else:
        print("punchsync", VERSION)
"""
SYSTEMCTL = """\
#!/bin/sh
# Notes what it is told; a start succeeds where the program that is current is not a bad one.
echo "$*" >>"$SYSTEMCTL_LOG"
case "$*" in
    *is-enabled*) exit 1 ;;
    restart*) case "$(/opt/punchsync/current/venv/bin/punchsync --version)" in *bad*) exit 1 ;; esac ;;
esac
"""
IN_A_SERVER = """\
set -e
work=$1; shift
mount --make-rprivate /
for each in etc usr/local var/lib; do
    mkdir -p "$work/$each/up" "$work/$each/work"
    mount -t overlay -o "lowerdir=/$each,upperdir=$work/$each/up,workdir=$work/$each/work" overlay "/$each"
done
mkdir -p "$work/opt"
mount --bind "$work/opt" /opt
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
exec "$@"
"""


def wheel(folder: Path, version: str) -> Path:
    """A wheel of a program that is called punchsync."""
    file = folder / f"punchsync-{version}-py3-none-any.whl"
    info = f"punchsync-{version}.dist-info"
    parts = {
        "punchsync/__init__.py": PROGRAM.format(version=version),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: punchsync\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\npunchsync = punchsync:main\n",
    }
    record = "".join(f"{name},{_hash(text)},{len(text.encode())}\n" for name, text in parts.items())
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**parts, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return file


def _hash(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bundle(folder: Path, version: str, python: str | None = None) -> Path:
    """A bundle with nothing in it but that program, the installer and systemd's files."""
    made = folder / f"punchsync-{version}"
    (made / "wheels").mkdir(parents=True)
    (made / "tools").mkdir()
    for part in ("systemd", "config"):
        shutil.copytree(ROOT / part, made / part)
    (made / "docs").mkdir()
    for part in ("CHANGELOG.md", "LICENSE", "README.md", "README.en.md", "requirements.lock"):
        shutil.copy(ROOT / part, made / part)
    shutil.copy(ROOT / "scripts/install", made / "install")
    for pip in bundled_pip():
        shutil.copy(pip, made / "tools")
    python = python or f"{sys.version_info[0]}.{sys.version_info[1]}"
    (made / "BUNDLE").write_text(f"version={version}\npython={python}\nmachine={platform.machine()}\n")
    program = wheel(made / "wheels", version)
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    (made / "wheels.lock").write_text(f"./wheels/{program.name} --hash=sha256:{digest}\n")
    sums = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(made)}\n"
        for file in sorted(made.rglob("*"))
        if file.is_file()
    )
    (made / "SHA256SUMS").write_text(sums)
    return made


def bundled_pip() -> list[Path]:
    """pip as a wheel, as this Python brings it."""
    import ensurepip
    import sysconfig

    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(ensurepip.__file__).parent / "_bundled"]
    return [wheel for folder in folders if folder for wheel in Path(folder).glob("pip-*.whl")][:1]


def install(made: Path, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a bundle's installer to the end."""
    environment = {**os.environ, "PUNCHSYNC_PYTHON": sys.executable, **more}
    return subprocess.run(
        [made / "install", *words],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )


def release(made: Path) -> str:
    """What a bundle's release is called."""
    version = made.name.removeprefix("punchsync-")
    return f"{version}-{hashlib.sha256((made / 'SHA256SUMS').read_bytes()).hexdigest()[:12]}"


def on_a_server(work: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as root of a machine whose /etc, /opt, /run, /usr/local and /var/lib are copies, kept nowhere."""
    (work / "bin").mkdir(exist_ok=True)
    (work / "bin/systemctl").write_text(SYSTEMCTL)
    (work / "bin/systemctl").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{work / 'bin'}:{PATH}",
        "SYSTEMCTL_LOG": str(work / "systemctl.log"),
        "PUNCHSYNC_PYTHON": "/usr/bin/python3",
    }
    command = ["unshare", "--mount", "bash", "-c", IN_A_SERVER, "server", str(work / "server"), "bash", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)


def tree(root: Path) -> dict[str, tuple[int, int, str]]:
    """All that is below a folder: mode, time of its last change, and content or target."""
    found = {}
    for path in sorted(root.rglob("*")):
        seen = path.lstat()
        what = f"-> {path.readlink()}" if path.is_symlink() else ""
        if path.is_file() and not path.is_symlink():
            what = hashlib.sha256(path.read_bytes()).hexdigest()
        found[path.relative_to(root).as_posix()] = (seen.st_mode & 0o7777, seen.st_mtime_ns, what)
    return found


def version(root: Path) -> str:
    """What the program that is current says."""
    program = root / "opt/punchsync/current/venv/bin/punchsync"
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
