"""The Slack app manifest: for Socket Mode, or for HTTP at an address."""

from typing import Any

from pabot.views.ids import Id

SCOPES = (
    "commands",
    "chat:write",
    "users:read",
    "files:write",
    "im:write",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
)
EVENTS_PATH = "/slack/events"


def manifest(url: str | None = None) -> dict[str, Any]:
    """For Socket Mode without `url`; with it every request goes to `url/slack/events`."""
    to = {} if url is None else {"url": url.rstrip("/") + EVENTS_PATH}
    request = {} if url is None else {"request_url": to["url"]}
    menus = {} if url is None else {"message_menu_options_url": to["url"]}
    command = {
        "command": "/pa",
        "description": "Prior authorizations",
        "usage_hint": "new | show 1042 | queue | find | mine | help",
        "should_escape": True,
        **to,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "pabot",
            "description": "Runs the practice's prior authorizations",
            "background_color": "#1d4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "pabot", "always_online": True},
            "shortcuts": [
                _shortcut("New prior authorization", "global", Id.SHORTCUT_NEW, "Open a new request"),
                _shortcut("Note on a request", "message", Id.SHORTCUT_LINK, "Log this message on a request"),
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": ["app_home_opened"], **request},
            "interactivity": {"is_enabled": True, **request, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(name: str, kind: str, callback_id: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": str(callback_id), "description": description}
