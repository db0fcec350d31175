"""What the pages of rules are made of: citations that lead to their articles, packs to compare with."""
