"""The Search API's surface: requests, responses, tokens and suggestions. Knows no way to find a record."""
