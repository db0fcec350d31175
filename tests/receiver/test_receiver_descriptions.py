"""What docs/scoring says is what the receiver does."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from receiverkit import NOW, back, body, get, key, post, receiver_on, row, said
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from standardwebhooks import Webhook

from punchsync.receiver import Answer, Receiver, Request, ScoreTable
from punchsync.receiver.entry import MOST, PATTERNS, SAID, Entry
from punchsync.receiver.schema import INSERT_ONLY, TABLES
from punchsync.receiver.server import problem
from punchsync.receiver.signature import TOLERANCE, secret, sign

DOCS = Path(__file__).resolve().parents[2] / "docs/scoring"
OPENAPI: dict[str, Any] = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))
README = (DOCS / "README.md").read_text(encoding="utf-8")
SCHEMA = (DOCS / "schema.sql").read_text(encoding="utf-8")


def schema(pointer: str) -> Draft202012Validator:
    """A schema of the description by its place."""
    whole = Registry().with_resource("urn:doc", Resource(OPENAPI, DRAFT202012))
    return Draft202012Validator({"$ref": f"urn:doc#{pointer}"}, registry=whole)


def named(name: str) -> Draft202012Validator:
    return schema(f"/components/schemas/{name}")


def fits(answer: Answer, method: str) -> bool:
    """Whether an answer is one that the description has for that method, with that content."""
    responses = OPENAPI["paths"]["/entries"][method]["responses"]
    found = responses[str(answer.status)]
    if "$ref" in found:
        found = OPENAPI["components"]["responses"][found["$ref"].rpartition("/")[2]]
    kind = dict(answer.headers)["Content-Type"]
    own = found["content"][kind]["schema"]["$ref"].rpartition("/")[2]
    return named(own).is_valid(json.loads(answer.body))


def test_the_description_is_an_openapi_description() -> None:
    validate(OPENAPI)


def test_every_answer_of_the_receiver_is_described(receiver: Receiver, tmp_path: Path) -> None:
    posts = [
        post(1, row(1), back(2, row(1))),
        post(1, row(1), back(2, row(1))),
        post(1, row(3)),
        post(2, row(1, "-5")),
        post(3, row(9, cause=row(1)["cause"])),
        post(4, back(5, row(4))),
        post(5, content=b"{"),
        post(5, row(1), idempotency_key=""),
        post(5, row(1), content_type=""),
        post(5, row(1), punchsync_hall=""),
    ]
    gets = [get(), get("limit=1"), get("after=x"), get(punchsync_hall="")]
    answers = [("post", receiver.answer(r)) for r in posts] + [("get", receiver.answer(r)) for r in gets]
    with receiver_on(tmp_path / "other.db", secrets=(b"x",), hall="demo") as other:
        answers += [("post", other.answer(posts[0])), ("get", other.answer(get()))]
    with receiver_on(tmp_path / "closed.db") as closed:
        pass
    answers += [("post", closed.answer(posts[0]))]
    with receiver_on(tmp_path / "third.db", hall="third") as third:
        answers += [("post", third.answer(posts[0])), ("get", third.answer(get()))]
        answers += [("post", problem(status, "any", "any")) for status in (411, 413, 503)]
    statuses = {(method, answer.status) for method, answer in answers}

    assert [(method, said(answer)) for method, answer in answers if not fits(answer, method)] == []
    described = OPENAPI["paths"]["/entries"]
    wanted = {("post", int(s)) for s in described["post"]["responses"]} - {("post", 409)}
    wanted |= {("get", int(s)) for s in described["get"]["responses"]} - {("get", 500), ("get", 503)}
    assert statuses == wanted


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("points", ["0", "-0.5", "0.001", "10", "-100.01", "+1", "1.0", "-0", "0.0001", "1e3", ".5", "01", "", "1."]),
        ("revision", ["1", "20", "0", "01", "-1", "", "x"]),
        ("period", ["2026", "2026-10", "2026-Q4", "2026-13", "2026-Q5", "", "26"]),
        ("entry_id", ["E00000001", "E100000000", "E1", "", "e00000001"]),
        ("account_type", ["person", "window", "unit", ""]),
        ("account_id", ["1", ""]),
        ("cause", ["x", ""]),
        ("category", ["x", ""]),
        ("value_date", ["2026-10-01", "20261001", ""]),
        *((column, [1, None, True, ["x"]]) for column in Entry._fields),
    ],
)
def test_the_description_allows_of_a_column_what_the_receiver_allows(
    tmp_path: Path, column: str, values: list[object]
) -> None:
    with receiver_on(tmp_path / "s.db") as receiver:
        for n, value in enumerate(values, 1):
            one = row(n) | {column: value}
            if column == "revision" and value == "20":
                one |= {"reverses": "E00000001"}
            taken = said(receiver.answer(post(n, one)))[0] in (200, 422)
            assert named("Entry").is_valid(one) == taken, value


def test_a_batch_has_all_columns_and_no_more_by_either() -> None:
    lacking = [{k: v for k, v in row(1).items() if k != name} for name in Entry._fields]
    for rows in ([], [row(1) | {"more": ""}], *([one] for one in lacking)):
        assert not named("Batch").is_valid({"entries": rows})
    assert named("Batch").is_valid(json.loads(body([row(1), back(2, row(1))])))
    assert list(OPENAPI["components"]["schemas"]["Entry"]["properties"]) == list(Entry._fields)


def test_limits_and_patterns_are_those_of_the_receiver() -> None:
    schemas = OPENAPI["components"]["schemas"]
    assert schemas["Batch"]["properties"]["entries"]["maxItems"] == MOST
    assert schemas["Problem"]["properties"]["problems"]["maxItems"] == SAID
    for column in ("entry_id", "revision", "period", "reverses"):
        assert schemas["Entry"]["properties"][column]["pattern"] == f"^{PATTERNS[column].pattern}$"


def test_the_examples_of_the_description_are_taken(receiver: Receiver) -> None:
    [example] = OPENAPI["components"]["schemas"]["Batch"]["examples"]
    assert named("Batch").is_valid(example)
    assert said(receiver.answer(post(1, *example["entries"]))) == (200, {"accepted": 2, "known": 0})


def tables(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Everything that a SQLite file is made of."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return [(kind, name, " ".join(sql.split())) for kind, name, sql in found]


def test_the_described_tables_are_those_of_the_receiver(tmp_path: Path) -> None:
    ScoreTable(tmp_path / "own.db").close()
    described = sqlite3.connect(":memory:")
    described.executescript(SCHEMA + (DOCS / "insert_only.sqlite.sql").read_text(encoding="utf-8"))
    own = sqlite3.connect(tmp_path / "own.db")
    assert tables(described) == tables(own)
    described.close()
    own.close()


ENTRY = "INSERT INTO score_entry VALUES"
BATCH = "INSERT INTO score_batch VALUES"
REFUSED = [
    "UPDATE score_entry SET points = '0'",
    "DELETE FROM score_entry",
    "UPDATE score_batch SET digest = ''",
    "DELETE FROM score_batch",
]


def values(n: int, points: str = "-0.1", **more: str) -> str:
    """A row as SQL."""
    made = row(n, points, **more)
    thousandths = str(Entry(**made).thousandths)
    own = ["demo", *(made[c] for c in Entry._fields)]
    # In the tables' order, where the id comes first.
    own[1], own[2] = own[2], own[1]
    own.insert(10, thousandths)
    return "(" + ", ".join("'" + v.replace("'", "''") + "'" for v in own) + ")"


WRONG = [
    values(1),
    values(1, cause="another"),
    values(9, cause=row(1)["cause"]),
    values(9, account_type="unit"),
    values(9, revision="0"),
    values(9, revision="2"),
    values(9, reverses="E00000001"),
]


def test_on_sqlite_entries_are_unique_and_only_ever_added(tmp_path: Path) -> None:
    ScoreTable(tmp_path / "s.db").close()
    there = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    there.execute(f"{ENTRY} {values(1)}, {values(2)}, {values(3, '-0.125')}")
    there.execute(f"{BATCH} ('demo', 'k', 'd', 3, 0)")
    before = list(there.iterdump())
    replaced = [f"INSERT OR REPLACE {ENTRY.removeprefix('INSERT ')} {v}" for v in WRONG[:3]]
    replaced.append("INSERT OR REPLACE INTO score_batch VALUES ('demo', 'k', 'other', 3, 0)")
    for statement in [*REFUSED, *(f"{ENTRY} {v}" for v in WRONG), *replaced]:
        with pytest.raises(sqlite3.IntegrityError):
            there.execute(statement)
    assert list(there.iterdump()) == before
    assert there.execute("SELECT thousandths FROM score_sum").fetchall() == [(-325,)]
    there.close()


def test_on_postgresql_entries_are_unique_and_only_ever_added(postgres_url: str) -> None:
    trigger = (DOCS / "insert_only.postgresql.sql").read_text(encoding="utf-8")
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as there:
        for script in (SCHEMA, trigger):
            there.execute(script.encode())
        there.execute(f"{ENTRY} {values(1)}, {values(2)}, {values(3, '-0.125')}".encode())
        there.execute(f"{BATCH} ('demo', 'k', 'd', 3, 0)".encode())
        before = there.execute("SELECT * FROM score_entry ORDER BY entry_id").fetchall()
        for statement in [*REFUSED, "TRUNCATE score_entry", *(f"{ENTRY} {v}" for v in WRONG)]:
            with pytest.raises(psycopg.Error):
                there.execute(statement.encode())
        assert there.execute("SELECT * FROM score_entry ORDER BY entry_id").fetchall() == before
        assert there.execute("SELECT thousandths FROM score_sum").fetchall() == [(-325,)]
        assert [str(before[0][2]), before[0][10]] == ["2026-10-31", -100]


def test_the_readme_s_example_of_a_check_holds_for_our_signatures_and_for_the_standard_s_own() -> None:
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)
    holds, at, content = made["holds"], int(time.time()), body([row(1)])
    for text in ("whsec_cHVuY2hzeW5jLXNjb3Jpbmc=", "一段文字"):
        headers = {"webhook-id": key(1), "webhook-timestamp": str(at)}
        headers["webhook-signature"] = sign(secret(text), key(1), str(at), content)
        assert holds(text, headers, content)
        assert not holds(text, headers, content + b" ")
        assert not holds("another", headers, content)
        assert not holds(text, headers | {"webhook-timestamp": str(at - TOLERANCE - 60)}, content)
    whole = base64.b64encode("一段文字".encode()).decode()
    standard = Webhook(whole).sign(key(1), datetime.fromtimestamp(at, UTC), content.decode())
    assert standard == headers["webhook-signature"]


def test_the_readme_s_numbers_to_check_by_are_right() -> None:
    text, id, at, content, signature = re.findall(r"^\| \S+ \| `(.+)` \|$", README, re.MULTILINE)
    assert sign(secret(text), id, at, content.encode()) == signature
    assert int(at) == NOW


def test_a_digest_tells_batches_apart_whatever_their_texts_hold() -> None:
    from punchsync.receiver.entry import digest

    one, two = row(1, rule="a", article="b"), row(1, rule='a","b', article="")
    assert len({digest([Entry(**r)]) for r in (one, two)}) == 2
    assert len(digest([Entry(**one)])) == len(hashlib.sha256().hexdigest())


def test_a_read_without_a_query_is_the_first_page(receiver: Receiver) -> None:
    assert said(receiver.answer(Request("GET", "/entries", {"punchsync-hall": "demo"}))) == (200, {"entries": []})


def statements(text: str) -> list[str]:
    """SQL statements without comments, each on one line."""
    bare = re.sub(r"--[^\n]*", "", text)
    return [" ".join(s.split()) for s in bare.split(";") if s.strip()]


def test_the_receiver_s_tables_are_those_that_are_described() -> None:
    described = (DOCS / "insert_only.sqlite.sql").read_text(encoding="utf-8")

    assert (statements(TABLES), statements(INSERT_ONLY)) == (statements(SCHEMA), statements(described))
