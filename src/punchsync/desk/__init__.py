"""The address at which a hall answers: probes and metrics for machines.

`app` says what is asked and answered, `listen` serves it on a thread of its own, `place` reads `desk.listen`. Not here:
what is well and what is not (`service` judges that), any table, and any person's data. A service without an address
loads nothing of this.
"""
