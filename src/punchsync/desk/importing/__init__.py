"""What the page of imports is made of: empty files, what a file would change, the bytes that were shown."""
