"""The daemon: reads, settles, publishes, backs up and checks at the hall's hours, and catches up after a downtime.

What is due when is decided in `schedule`, a pure function of the pack, the settings and the run table; `jobs` carries
one job out with what `means` gives it; `worker` does one after the other, `running` is all that works for one site, and
`daemon` its life: signals, new settings, signs of life. The run table, not the clock's memory, says what is done: a job
killed half-way is done again, and one that is done is never repeated. `trust` decides whether our own clock may be
believed, from its steps and from what the terminals show (`keeper`, `witness`). Not here: what a use case does, what a
user types, the desk, and how the process was started.
"""
