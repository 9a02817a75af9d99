"""The local endpoint: a service over HTTP, for unmodified clients of SageMaker. Knows no operation and no record."""
