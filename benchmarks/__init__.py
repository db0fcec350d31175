"""Benchmarks: ours beside the plainest thing that could do the same, in one run, reported as ratios."""
