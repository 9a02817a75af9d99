"""Fetches a dump from an account, or from any endpoint that speaks its protocol.

What is fetched are boto3's own answers, a line each. How a dump is read is not known here; that is `ingest/`.
"""
