"""What makes the record provable: signatures of votes and plans, and the chain of the audit."""
