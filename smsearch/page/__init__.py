"""The page: search, record and compare in the browser. Every screen is a query and shows it. Knows no socket.

HTML is made by the server; an address is the whole state of a screen, and nothing is kept between two of them.
"""
