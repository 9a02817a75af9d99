"""Records as columns: names chosen with wildcards, dynamic names flattened, honest Arrow types.

Knows records and schemas; no request, no query and no command line.
"""
