"""Files in and out: the payer library as YAML and CSV. Text becomes domain values here, and back."""
