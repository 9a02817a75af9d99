"""Exports in, records out: recognises the shapes, reads them in bounded memory, and accounts for all it left out."""
