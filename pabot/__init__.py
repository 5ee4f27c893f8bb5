"""pabot: a Slack bot with which a medical practice runs its prior authorizations."""
