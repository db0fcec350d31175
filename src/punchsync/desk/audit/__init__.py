"""What the page of the audit is made of: the access log read backwards, and its codes in words."""
