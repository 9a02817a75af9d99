"""The laws of answers, asked for as long as one likes: `make test-long`."""
