"""The whole product from the street: commands in, statuses, words and exports out."""
