"""The judge's own tests, module by module: plain records in, whole values out."""
