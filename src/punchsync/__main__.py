"""`python -m punchsync`: the command line."""

from punchsync.cli import main

main()
