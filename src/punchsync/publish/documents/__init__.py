"""Records for the file as documents: what the core says of a month, a leave or an outcome, laid out as data."""
