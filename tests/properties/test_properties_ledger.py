"""Whatever happens to a hall, its ledger stands for what a fresh computation says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from postgres import PostgresServer

from .ledger_life import LedgerLife

SETTINGS = settings(
    max_examples=6, stateful_step_count=12, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip


class OnPostgresql(LedgerLife):
    server: PostgresServer

    def database(self) -> str:
        return f'\n[store]\nurl = "{self.server.new()}"\n'


@pytest.fixture(scope="module")
def on_postgresql(postgres_server: PostgresServer) -> Iterator[None]:
    OnPostgresql.server = postgres_server
    yield
    del OnPostgresql.server


TestOnSqlite = LedgerLife.TestCase
TestOnSqlite.settings = SETTINGS

TestOnPostgresql = pytest.mark.usefixtures("on_postgresql")(OnPostgresql.TestCase)
TestOnPostgresql.settings = settings(SETTINGS, max_examples=3)
