"""HTML for notebooks: figures of texts, in which everything that is not markup is escaped.

It takes texts and numbers, and knows no record and no query. What is shown is decided where the value is defined.
"""
