"""The text language: its tree, parser, errors and formatter. Knows no property, type or record."""
