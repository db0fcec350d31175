"""Who comes to the desk, and what he may do and see: accounts, logins, roles, reach, limits.

Not here: any page but those of logging in and of one's own account.
"""
