"""What the documents say is so."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys

import pytest
from doctree import HANDBOOK, READMES, ROOT, pages, texts

from punchsync.cli import verbs

COMMAND = re.compile(r"punchsync(?: --site \S+)? ([a-z]+)(?=[\s`))。;,|]|$)", re.MULTILINE)
SCRIPT = re.compile(r"^(scripts/\w[\w-]*)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)\)")


def code(text: str) -> str:
    """The parts of a page that are set as code."""
    parts = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    return "\n".join(block or inline for block, inline in parts)


@pytest.mark.parametrize("page", [*READMES, *HANDBOOK], ids=lambda p: p.name)
def test_every_command_of_a_page_exists(page):
    named = {m.group(1) for m in COMMAND.finditer(code(page.read_text(encoding="utf-8")))}

    assert named - set(verbs()) == set()


def test_the_handbook_names_every_command():
    named = {m.group(1) for page in HANDBOOK for m in COMMAND.finditer(code(page.read_text(encoding="utf-8")))}

    assert set(verbs()) - named - {"demo"} == set()
    assert "scripts/demo" in (ROOT / "docs/handbook/1-setup.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", READMES, ids=lambda p: p.name)
def test_the_scripts_of_a_readme_can_be_run(page):
    scripts = set(SCRIPT.findall(page.read_text(encoding="utf-8")))

    assert {"scripts/demo", "scripts/test"} <= scripts
    assert [s for s in sorted(scripts) if not os.access(ROOT / s, os.X_OK)] == []


def test_every_script_can_be_run():
    scripts = [p for p in (ROOT / "scripts").iterdir() if p.is_file() and not p.suffix] + [ROOT / ".ci/run"]

    assert [p.name for p in scripts if not os.access(p, os.X_OK)] == []


def test_every_link_between_pages_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages()
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert broken == []


def test_the_tables_of_the_handbook_are_current():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/handbook-tables", "--check"], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_every_room_is_on_the_map():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = [p.parent.name for p in (ROOT / "src/punchsync").glob("*/__init__.py")]

    assert [room for room in sorted(rooms) if f"| `{room}` |" not in page] == []


def test_every_term_of_the_glossary_names_code():
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    names = re.findall(r"\| `([\w.]+)` \|$", page, re.MULTILINE)

    assert len(names) > 50
    assert [name for name in names if not there(name)] == []


def there(name: str) -> bool:
    """Whether a dotted name below `punchsync` is a module's, a class's or a record's."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["punchsync", *parts[:cut]]))
        except ImportError:
            continue
        for part in parts[cut:]:
            if part in getattr(found, "__annotations__", {}) and not hasattr(found, part):
                return part == parts[-1]
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_no_file_names_a_registry_or_a_place_of_one_machine():
    hosts = ("pypi" + ".org", "python" + "hosted.org", "deb" + "ian.org", "npm" + "js", "mirrors" + ".")
    places = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/\w")
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if any(host in line for host in hosts) or places.search(line)
    ]

    assert found == []


def test_locks_pin_and_hash_every_package():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip()]

        assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
        assert "://" not in text
