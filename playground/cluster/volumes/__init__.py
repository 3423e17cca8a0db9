"""Claims and volumes: which volume fits which claim, and what pods wait for because of it."""
