"""Runs every benchmark and prints seconds and ratios."""

from __future__ import annotations

import os

from benchmarks import desk, forms, polling, settling


def main() -> None:
    """One table; the first line of each group is what the others are compared with."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; compare within this run only")
    print("\nreading terminals: seconds, ratio to what it is compared with")
    polling.main()
    print("\na month's bulletin of 300 people: seconds, beside an empty paper of the library that makes it")
    forms.main()
    print("\nthe desk with 300 people and a year: milliseconds of the server, beside an empty page")
    desk.main()
    print("\nperson-days with a timetable, judged and charged in one process, hall-year after hall-year")
    for m in settling.measure():
        per_million = m.ours * 1_000_000 / m.person_days
        print(
            f"  {m.pack:<12} {m.person_days:>9} in {m.ours:7.2f} s ({per_million:5.1f} s a million)"
            f"   bare bisect {m.bisect:6.2f} s   {m.ours / m.bisect:5.2f} of it"
        )


if __name__ == "__main__":
    main()
