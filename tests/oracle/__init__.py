"""A literal judge for tests: the pack `yihuang` written again from the text, slowly, sharing nothing with
the product.
"""
