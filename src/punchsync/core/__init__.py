"""The judge: pure functions over frozen records, with the standard library only.

No input or output, no clock, no database. Everything a court would ask about happens here: what was required, which
punch served which checkpoint, what is not known, what is a violation, what it costs and why. Not here: where records
come from, how a pack is written down, how entries are stored.
"""
