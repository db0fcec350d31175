"""What the pages of rosters and of staff are made of: the grid, what a change of it writes, changes of posting."""
