"""The formats in which matches are written, a module for each family of them."""
