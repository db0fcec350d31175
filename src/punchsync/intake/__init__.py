"""The intake: files that people bring, turned into canonical bodies and core records, or into problems.

A file (CSV, XLSX, a terminal's USB file) is read whole: either every row of it is good, or every problem of it is
listed with row and column, what was found, what is allowed and what to do. Nothing here stores, asks the time or
raises for what stands in a file. What a record means is the core's business; this room only knows how it is written,
in English or in Chinese.
"""
