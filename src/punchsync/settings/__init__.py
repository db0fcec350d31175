"""A site's settings: `punchsync.toml`, then environment `PUNCHSYNC_…`, then credentials for secrets.

Every problem is reported at once, with file, key, what was found and what is allowed.
"""

from punchsync.settings.kinds import CREDENTIAL as CREDENTIAL
from punchsync.settings.kinds import EVENTS as EVENTS
from punchsync.settings.load import FILE as FILE
from punchsync.settings.load import KEYS as KEYS
from punchsync.settings.load import Settings as Settings
from punchsync.settings.load import load as load
from punchsync.settings.secrets import secret as secret
