"""AWS, by CloudFormation.  Only here is botocore imported, and only inside functions: importing the package is free."""
