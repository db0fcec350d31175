"""Gather what the records for the file say: attendance grid, leave slip, sheet to sign, letter, director's month."""
