"""A rehearsal: months of an invented practice at speed, through the real desk, jobs and a local workspace."""
