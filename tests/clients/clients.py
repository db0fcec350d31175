"""Public clients of the protocol against the emulator: each visits it twice and must give what it holds.

`prove` runs all of them; `of_client` gives what one is asked, `result` runs one of those.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from client_list import CLIENTS, EVENT, USERS, Case, Client
from client_packages import NotInstalled, node, npm_clients, pip_client
from client_visits import NOON, PUNCH, Answer, terminal_with, visit

from punchsync.emulator import Device, EmulatedTerminal, faults, wire

KEY = 1234
Result = tuple[str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing asked of one client."""

    client: Client
    what: str
    run: Callable[[Path, Path], str]
    """Takes a folder for its files and the modules; gives what is wrong, or nothing."""


def prove(folder: Path) -> list[Result]:
    """Every client, everything; client, transport, what was asked, what came of it, whether that is well."""
    modules = {client.name: installed(folder, client) for client in CLIENTS}
    asked = [proof for client in CLIENTS for proof in of_client(client)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda proof: result(folder, proof, modules), asked))
    told = [(title(client), client.transport, *said, True) for client in CLIENTS for said in remarks(client)]
    return sorted([*found, *told], key=lambda row: [title(c) + c.transport for c in CLIENTS].index(row[0] + row[1]))


def remarks(client: Client) -> list[tuple[str, str]]:
    """Give what is to be known of a client, and what it is not asked and why."""
    limits = [(what, f"not asked, its own limit: {why}") for what, why in client.limits.items()]
    return [("(how it reads)", client.why), *limits]


def title(client: Client) -> str:
    """Give a client's name and version."""
    return f"{'pyzk' if client.name == 'zk' else client.name} {client.version}"


def of_client(client: Client) -> list[Proof]:
    """Give what one client is asked."""
    found = [Proof(client, "key, counts, time, users", partial(about, client))]
    if client.key:
        found.append(Proof(client, "a wrong key", partial(wrong_key, client)))
    found += [Proof(client, case.name, partial(log, client, case)) for case in client.cases]
    if EVENT not in client.limits:
        found.append(Proof(client, EVENT, partial(event, client)))
    return found


def installed(folder: Path, client: Client) -> Path | str:
    """Give where a client's modules are, or why it can't be had."""
    try:
        if client.name == "zk":
            return folder
        if client.python:
            return pip_client(folder, client.name)
        node()
        return npm_clients(folder, [client.name])
    except NotInstalled as why:
        return str(why)


def result(folder: Path, proof: Proof, modules: Mapping[str, Path | str]) -> Result:
    """Run a proof."""
    client, where = proof.client, modules[proof.client.name]
    name = title(client)
    if isinstance(where, str):
        return name, client.transport, proof.what, f"not proved: {where}", False
    began = time.monotonic()
    wrong = proof.run(folder, where)
    said = wrong or f"2 visits, as it holds; {time.monotonic() - began:.1f} s"
    return name, client.transport, proof.what, said, not wrong


# What is asked


def about(client: Client, folder: Path, modules: Path) -> str:
    """Counts, clock, serial, version and users, with a key where the client knows one."""
    device = terminal_with(3, client.traits, KEY if client.key else 0)
    told = {
        "counts": {"userCounts": len(USERS), "logCounts": 3, "logCapacity": device.capacity},
        "time": str(NOON),
        "serial": device.serial,
        "version": device.traits.firmware,
    }
    wanted = {
        "about": {name: value if name in client.tells else None for name, value in told.items()},
        "users": [client.user(user) for user in USERS],
    }
    return twice(folder, modules, client, device, lambda: wanted)


def wrong_key(client: Client, folder: Path, modules: Path) -> str:
    """A wrong key is refused, twice."""
    device = terminal_with(1, client.traits, KEY)
    with EmulatedTerminal(device, transport=client.transport) as terminal:
        for _ in range(2):
            answer = visit(folder, modules, client, terminal, ["users"], key=KEY + 1)
            if "Unauthenticated" not in str(answer.get("error")):
                return f"not refused: {str(answer)[:200]}"
    return ""


def log(client: Client, case: Case, folder: Path, modules: Path) -> str:
    """The whole log, record by record."""
    device = terminal_with(case.rows, case.traits)
    return twice(folder, modules, client, device, lambda: {"log": [case.gives(record) for record in device.records]})


def event(client: Client, folder: Path, modules: Path) -> str:
    """A punch while the client listens, and another question after it on the same connection."""
    device = terminal_with(1, client.traits)
    wanted = {"event": [PUNCH[0], str(PUNCH[1])], "users": [client.user(user) for user in USERS]}
    return twice(folder, modules, client, device, lambda: wanted)


def twice(folder: Path, modules: Path, client: Client, device: Device, wanted: Callable[[], Answer]) -> str:
    """Let the client visit twice; give how an answer differs, or what the client did that it should not."""
    pace = faults.pace(client.pace) if client.pace else faults.clean
    key = device.comm_key
    with EmulatedTerminal(device, faults=pace, transport=client.transport) as terminal:
        for number in (1, 2):
            answer = visit(folder, modules, client, terminal, list(wanted()), key=key)
            wrong = difference(answer, wanted())
            if wrong:
                return f"visit {number}: {wrong}"
    if client.sound and device.unsound:
        return f"{device.unsound} packets of it had a wrong checksum"
    return "it cleared the log" if device.received[wire.Command.CLEAR_ATTLOG] else ""


def difference(answer: Answer, wanted: Answer) -> str:
    """Say how an answer differs from what was to be expected; nothing when it does not."""
    if "error" in answer:
        return " ".join(str(answer["error"]).split())[:300]
    for part, right in wanted.items():
        given = answer.get(part)
        if given == right:
            continue
        if isinstance(given, list) and isinstance(right, list) and len(given) == len(right):
            first = next(n for n, pair in enumerate(zip(given, right, strict=True)) if pair[0] != pair[1])
            return f"{part}: the first of those that differ is {first}: {given[first]}, not {right[first]}"
        sizes = f"{len(given)} of {len(right)}" if isinstance(given, list) else f"{given}, not {right}"
        return f"{part}: {sizes}"
    return ""
