"""An archive at rest: records as Parquet files that a cluster can search. Knows no engine and no query."""
