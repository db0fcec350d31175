"""The interface is what its schema says: a bounded number of calls made up from the schema, at a real server."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from apikit import token_of
from deskkit import Browser
from limits import RateLimitItemPerMinute
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished

from punchsync.access import FOLDER, read
from punchsync.desk.access import throttle
from punchsync.desk.api import door

EXAMPLES = 6


def config(token: str) -> Any:
    """All checks, but for what can't hold: no schema says what is in a file."""
    return schemathesis.Config.from_dict(
        {
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {
                "max-examples": EXAMPLES, "deterministic": True, "no-shrink": True, "database": "none",
            },
            "phases": {"stateful": {"enabled": False}},
            "operations": [
                {"include-path": "/imports/{kind}", "checks": {"positive_data_acceptance": {"enabled": False}}}
            ],
        }
    )  # fmt: skip


def failures(event: ScenarioFinished) -> list[str]:
    """What a scenario's checks found, with the request and the answer."""
    found = []
    for id, checks in event.recorder.checks.items():
        call = event.recorder.interactions.get(id)
        for check in checks:
            if check.status is Status.FAILURE:
                asked = f"{call.request.method} {call.request.uri}" if call else ""
                body = call.response.content[:200] if call and call.response else b""
                found.append(
                    f"{check.name}: {asked}: {check.failure_info.failure if check.failure_info else ''}: {body!r}"
                )
    return found


def test_every_answer_is_one_that_the_schema_has(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    plenty = RateLimitItemPerMinute(10**6)
    monkeypatch.setattr(door, "API", plenty)
    monkeypatch.setattr(door, "READS", plenty)
    assert throttle.API is not plenty
    token = token_of(browser, "clerk")
    with browser.site.store.reading() as work:
        before = work.ledger.sums()
    schema = schemathesis.openapi.from_url(
        f"{browser.url}/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"}, config=config(token)
    )
    wrong: list[str] = []
    told: list[EngineEvent] = []
    scenarios = 0
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            scenarios += 1
            wrong += failures(event)
        if isinstance(event, NonFatalError | FatalError):
            told.append(event)
    assert wrong == []
    assert told == []
    calls = [a for a in read(browser.site.folder / FOLDER).lines if a.what.startswith("api ")]
    assert {a.what for a in calls} == {
        "api GET /exports/{kind}", "api POST /imports/{kind}", "api GET /terminals", "api GET /health",
        "api GET /periods", "api GET /version", "api GET /openapi.json",
    }  # fmt: skip
    assert {a.status for a in calls} <= {200, 401, 403, 422}
    assert scenarios > len({a.what for a in calls})
    with browser.site.store.reading() as work:
        assert work.ledger.sums() == before
