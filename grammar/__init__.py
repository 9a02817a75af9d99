"""What can be said: the grammar of the text language, and the catalogue of properties.

The wheel has `search.lark` and what `catalogue/` writes into `smsearch/schema/`, and no module of this folder.
"""
