"""`python -m smsearch`, the same as the command `smsearch`."""

from smsearch.cli.main import main

if __name__ == "__main__":
    main()
