"""A Search request as programs of others write it: a command of the AWS CLI, a call of boto3. Knows no record."""
