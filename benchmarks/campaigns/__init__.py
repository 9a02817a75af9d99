"""Campaigns: many tries, drawn from a seed, at making smsearch answer wrongly, crash, or cost more than its input."""
