"""Whom the practice must not let in: guests on the staff list, channels that other organizations read along in."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from pabot.domain.errors import Invalid

GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
SHARED = ("is_ext_shared", "is_pending_ext_shared")
UNSEEN = "pabot is not in that channel. Type /invite @pabot there, then save again."


def refuse_guest(client: WebClient, user_id: str) -> None:
    """Raise Invalid under `user` for whoever is no full member of the workspace."""
    user = client.users_info(user=user_id)["user"]
    if any(user.get(name) for name in GUEST):
        raise Invalid({"user": "That is a guest. Only full members of this workspace may work on requests."})
    if user.get("is_bot") or user.get("deleted"):
        raise Invalid({"user": "That is a bot, or somebody who has left. Choose a person of this workspace."})


def refuse_shared(client: WebClient, channel: str) -> None:
    """Raise Invalid under `team_channel` where outsiders read along, and where the bot could not write."""
    try:
        info = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as refused:
        if refused.response.get("error") != "channel_not_found":
            raise
        raise Invalid({"team_channel": UNSEEN}) from refused
    if any(info.get(name) for name in SHARED):
        raise Invalid({"team_channel": "Another organization reads along in that channel. Choose one of your own."})
    if not info.get("is_member"):
        raise Invalid({"team_channel": UNSEEN})
