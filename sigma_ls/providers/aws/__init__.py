"""AWS, by CloudFormation.  Only here is boto3 imported, and only inside functions: importing the package is free."""
