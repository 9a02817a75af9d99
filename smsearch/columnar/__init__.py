"""An engine over a store: plans how a page is found in its columns, and scans until the page is full. Sees no JSON."""
