"""Measurements, and the generated records they run on. Nothing in `smsearch` imports this package."""
