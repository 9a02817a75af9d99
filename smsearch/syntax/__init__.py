"""What was said: the expression tree and its two notations, JSON and text. Knows no property, type or record."""
