"""Rule packs: a hall's written regulation as data, from TOML to the form that the judge asks.

A pack cites document and article for every item and marks every interpretation; a number is an edit of the pack, only
a new kind of rule is code. Not here: judging (core), and what a hall answers (its settings).
"""
