"""Explains answers: why a record is in a result, why nothing is, and what two records differ in.

It judges by the reference and by counts; how a page is found, and how reasons are printed, it does not know.
"""
