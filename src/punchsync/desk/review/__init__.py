"""What the pages of review, requests, appeals and tasks are made of: queues, words, what waits for whom."""
