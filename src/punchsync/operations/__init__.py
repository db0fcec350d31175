"""Use cases, one a file: poll, bring in, settle, export, explain, verify, publish.

Each loads what it needs through ports, lets the core decide, and carries the plan out in one transaction. Not here:
SQL, sockets, file formats, and what a user types or reads.
"""
