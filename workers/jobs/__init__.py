"""The RQ jobs: short, told only an id, deciding from the record. They never wait for pods."""
