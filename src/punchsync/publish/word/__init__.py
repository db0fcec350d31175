"""What a Word file of a Chinese office is made of, as WordprocessingML: runs, paragraphs, tables, pages, heads.

Pieces are made as text and read by the library once: going from cell to cell through python-docx takes a hundred times
as long. Lengths are points unless a name says otherwise; in the file they are twentieths of a point.
"""
