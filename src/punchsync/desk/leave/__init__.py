"""What the pages of leave are made of: the form, what registering it would do, who signs, how it is written down."""
