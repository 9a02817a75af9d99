"""The same search on a cluster: the bound predicate as Spark columns over an archive. Knows no request and no text."""
