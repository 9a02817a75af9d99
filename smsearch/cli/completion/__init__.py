"""Completion of a command line: of verbs and options by click, of names and values by the dictionaries of a store.

It runs at every press of a key, so it loads little: no NumPy, no parser, and click only for verbs and options.
"""
