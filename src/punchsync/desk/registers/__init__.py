"""The simple registers (stand-ins, outings, patrol, paper, outages) as one description, and what writes them."""
