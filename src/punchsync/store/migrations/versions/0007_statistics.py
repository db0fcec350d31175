"""Tell SQLite what punches are like, so that it looks up a few people's by their device user ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


PUNCHES = {
    "punch": "300000 300000 75000 1",  # hall, terminal, number
    "sqlite_autoindex_punch_2": "300000 300000 75000 4 2 1",  # hall, terminal, at, device user id, ordinal
    "punch_by_user": "300000 300000 75000 250 1",
}
"""For each index its rows, and how many of them share its first column, its first two, and so on (`sqlite_stat1`).

Three hundred people's year at four terminals. Without it SQLite reads all that a terminal took in a stretch of days.
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    put = sa.text("INSERT INTO sqlite_stat1 VALUES ('punch', :index, :rows)")  # the table is there since 0006
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'punch'")
    for index, rows in PUNCHES.items():
        op.execute(put.bindparams(index=index, rows=rows))
