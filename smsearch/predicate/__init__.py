"""What was meant: names resolved, literals typed, rules decided. Knows no record, no column and no plan."""
