"""What holds for every hall: the core against the oracle, and laws that no order of events may break."""
