"""What can be said about a resource: its properties, their types, and how text and JSON become typed values.

Knows no request, no operator and no store. The catalogue is data, generated from botocore's service model;
adding a resource costs no code.
"""
