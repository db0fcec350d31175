"""Written forms: bulletins and tables made from data that the core drew up. Not here: what they say."""
