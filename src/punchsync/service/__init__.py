"""The daemon: reads, settles and publishes at the hall's hours, and catches up after a downtime.

What is due when is decided in `schedule`, a pure function of the pack, the settings and the run table; `jobs` carries
one job out; `daemon` waits for the hour and does one job after the other. The run table, not the clock's memory, says
what is done: a job killed half-way is done again, and one that is done is never repeated. Not here: what a use case
does, what a user types, the desk, and how the process was started.
"""
