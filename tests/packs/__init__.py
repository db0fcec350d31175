"""Rule packs: the shipped ones hold, and what is wrong with a pack is said in full."""
