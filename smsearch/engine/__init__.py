"""The contract of an engine: what every engine can be asked, and the values that it returns. Knows no engine."""
