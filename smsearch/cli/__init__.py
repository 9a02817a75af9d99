"""The command line: a person comes in here.

It turns arguments into calls of the searcher and answers into bytes; what a query means is not its business.
Data goes to standard output, everything else to standard error.
"""
