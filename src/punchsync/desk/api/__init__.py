"""The interface for other programs under `/api/v1`: exports, imports, terminals, by tokens and never by cookies.

`door` lets a call in and notes it, `answers` say what comes back, `serve` puts the routes together. Not here: any page,
and who may have which scope (`access.tokens`).
"""
