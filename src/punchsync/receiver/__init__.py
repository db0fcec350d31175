"""The receiving side of the scoring store's protocol, small enough to be read by whoever builds another.

What: an HTTP server of the standard library that takes batches of ledger entries (`answer`), checks who signed them
(`signature`) and what they hold (`entry`), and keeps them in one SQLite file (`table`, `schema`), each entry once.
Why: a hall can try its deliveries before its scoring system can take them, our tests have somebody to deliver to who
is killed and cut off, and an integrator has an example that is right where it is easy to be wrong: what is answered
when a batch comes again. What it is not: a scoring system (it keeps, it doesn't grade), nor part of the daemon; it
imports nothing of ours but the texts, and listens on loopback unless told otherwise.
"""

from punchsync.receiver.answer import PATH, Answer, Receiver, Request
from punchsync.receiver.server import ReceiverServer
from punchsync.receiver.signature import BadSecret, secrets_of
from punchsync.receiver.table import NotOurs, ScoreTable

__all__ = [
    "PATH",
    "Answer",
    "BadSecret",
    "NotOurs",
    "Receiver",
    "ReceiverServer",
    "Request",
    "ScoreTable",
    "secrets_of",
]
