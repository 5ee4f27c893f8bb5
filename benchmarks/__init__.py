"""What we claim about speed and delivery, as programs. Each figure stands beside a baseline of the same run."""
