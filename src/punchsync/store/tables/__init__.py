"""The tables as the queries know them; `migrations/` makes them, and a test holds the two together.

Days and moments are integers as in the core, points integer milli-points. `hall_id` is in every key.
"""

from __future__ import annotations

from typing import Final

from punchsync.store.tables.access import account as account
from punchsync.store.tables.access import api_token as api_token
from punchsync.store.tables.access import web_session as web_session
from punchsync.store.tables.booked import checkpoint as checkpoint
from punchsync.store.tables.booked import delivery as delivery
from punchsync.store.tables.booked import erasure as erasure
from punchsync.store.tables.booked import hall as hall
from punchsync.store.tables.booked import ledger_entry as ledger_entry
from punchsync.store.tables.booked import link as link
from punchsync.store.tables.booked import pack as pack
from punchsync.store.tables.booked import settle_run as settle_run
from punchsync.store.tables.columns import metadata as metadata
from punchsync.store.tables.decided import appeal as appeal
from punchsync.store.tables.decided import appeal_decision as appeal_decision
from punchsync.store.tables.decided import closing as closing
from punchsync.store.tables.decided import evidence as evidence
from punchsync.store.tables.decided import outcome_decision as outcome_decision
from punchsync.store.tables.judged import fact as fact
from punchsync.store.tables.judged import hall_month as hall_month
from punchsync.store.tables.judged import outcome as outcome
from punchsync.store.tables.judged import rank as rank
from punchsync.store.tables.judged import score as score
from punchsync.store.tables.judged import standing as standing
from punchsync.store.tables.judged import tally as tally
from punchsync.store.tables.judged import verdict as verdict
from punchsync.store.tables.judged import violation as violation
from punchsync.store.tables.kept import defect as defect
from punchsync.store.tables.kept import device_user as device_user
from punchsync.store.tables.kept import failure as failure
from punchsync.store.tables.kept import memory as memory
from punchsync.store.tables.kept import person_name as person_name
from punchsync.store.tables.kept import punch as punch
from punchsync.store.tables.kept import quarantine as quarantine
from punchsync.store.tables.kept import reading as reading
from punchsync.store.tables.kept import record as record
from punchsync.store.tables.served import attention as attention
from punchsync.store.tables.served import bulletin as bulletin
from punchsync.store.tables.served import contact as contact
from punchsync.store.tables.served import job_run as job_run
from punchsync.store.tables.served import job_trouble as job_trouble
from punchsync.store.tables.served import notice as notice
from punchsync.store.tables.served import printing as printing
from punchsync.store.tables.served import told as told

APPEND_ONLY: Final = (
    "ledger_entry", "punch", "record", "pack", "bulletin", "outcome_decision", "closing", "reading", "defect", "link",
    "appeal", "evidence", "appeal_decision", "checkpoint", "erasure",
)  # fmt: skip
"""Tables whose rows the database refuses to change or delete."""
