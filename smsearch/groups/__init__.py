"""Groups of records: what a text asks of them, and the table that answers it. Knows no engine and no terminal."""
