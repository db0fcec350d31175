"""A literal judge for tests: every pack written again from the text, slowly, sharing nothing with the product."""
