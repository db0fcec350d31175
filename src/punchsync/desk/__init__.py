"""The desk: what a hall answers over HTTP, to people in a browser, to programs, and to probes.

A request goes one way: `gate` finds out who asks (`access`), whether the way's right is among those of his role,
whether a form is ours, and leaves a line in the audit; a page of `pages` then asks use cases of `operations` and fills
a template. What a page is made of beyond its ways lies in a folder of its noun (`leave`, `registers`, `rosters`,
`importing`, `review`, `rules`, `audit`), pictures in `drawn`, what programs ask for in `api`. `known` keeps what the
hall knows laid out between requests. `listen` and `bounded` serve it all on a thread.

Not here: any judging, any table, and what is well or not (`service` judges that). A service without an address loads
nothing of this.
"""
