"""The expression tree, its notations in JSON and text, and the table of operators. Knows no property and no record."""
