"""Runs every benchmark and prints seconds and ratios."""

from __future__ import annotations

import os

from benchmarks import decoding, settling


def main() -> None:
    """One table; the first line of each group is what the others are compared with."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; compare within this run only")
    read = dict(decoding.measure())
    peer = read["pyzk: get_attendance over loopback"]
    print(f"\n{decoding.RECORDS} records")
    for name, seconds in read.items():
        print(f"  {name:<40} {seconds:8.3f} s   {seconds / peer:6.3f} of pyzk")
    judged = dict(settling.measure())
    bare = judged["bare bisect"]
    print(f"\n{settling.PEOPLE} people, a year")
    for name, seconds in judged.items():
        print(f"  {name:<40} {seconds:8.3f} s   {seconds / bare:6.2f} of bisect")


if __name__ == "__main__":
    main()
