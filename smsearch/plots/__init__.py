"""Figures of the matches of a query: data from columns and a Vega-Lite specification, as values."""
