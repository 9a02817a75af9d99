"""Writes the catalogue of kinds, properties and operations from botocore's model of SageMaker: `make schema`."""
