"""What a manifest may hold (docs.slack.dev/reference/app-manifest), Slack's own commands, and what events need."""

from __future__ import annotations

from playground.workspace.shapes import Choice, Fields, Flag, Many, Number, Text

BUILT_IN = frozenset({
    "/apps", "/archive", "/away", "/call", "/collapse", "/dm", "/dnd", "/expand", "/feed", "/feedback", "/invite",
    "/invite_people", "/join", "/kick", "/leave", "/me", "/msg", "/mute", "/open", "/part", "/prefs", "/remind",
    "/remove", "/rename", "/search", "/shortcuts", "/shrug", "/star", "/status", "/topic", "/who"
})  # fmt: skip

# Scope each event needs: docs.slack.dev/reference/events
EVENT_SCOPES = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}

_COMMAND = Fields(
    {
        "command!": Text("manifest.command", least=2),
        "description!": Text("manifest.command_description", least=1),
        "usage_hint": Text("manifest.usage_hint"),
        "should_escape": Flag(),
        "url": Text(),
    }
)
_SHORTCUT = Fields(
    {
        "name!": Text("manifest.shortcut_name", least=1),
        "type!": Choice(("message", "global")),
        "callback_id!": Text("manifest.shortcut_callback_id", least=1),
        "description!": Text("manifest.shortcut_description", least=1),
    }
)
_FEATURES = Fields(
    {
        "app_home": Fields(
            {
                "home_tab_enabled": Flag(),
                "messages_tab_enabled": Flag(),
                "messages_tab_read_only_enabled": Flag(),
            }
        ),
        "bot_user": Fields({"display_name!": Text("manifest.bot_name", least=1), "always_online": Flag()}),
        "slash_commands": Many(_COMMAND, "manifest.commands"),
        "shortcuts": Many(_SHORTCUT, "manifest.shortcuts"),
        "unfurl_domains": Many(Text()),
    }
)
_SETTINGS = Fields(
    {
        "allowed_ip_address_ranges": Many(Text()),
        "event_subscriptions": Fields(
            {
                "request_url": Text(),
                "bot_events": Many(Text(), "manifest.events", least=0),
                "user_events": Many(Text()),
            }
        ),
        "interactivity": Fields(
            {
                "is_enabled!": Flag(),
                "request_url": Text(),
                "message_menu_options_url": Text(),
            }
        ),
        "org_deploy_enabled": Flag(),
        "socket_mode_enabled": Flag(),
        "token_rotation_enabled": Flag(),
        "is_hosted": Flag(),
    }
)
MANIFEST = Fields(
    {
        "_metadata": Fields({"major_version": Number(least=1), "minor_version": Number()}),
        "display_information!": Fields(
            {
                "name!": Text("manifest.name", least=1),
                "description": Text("manifest.description"),
                "long_description": Text("manifest.long_description"),
                "background_color": Text(),
            }
        ),
        "features": _FEATURES,
        "oauth_config": Fields(
            {
                "redirect_urls": Many(Text()),
                "scopes": Fields(
                    {
                        "bot": Many(Text(), "manifest.scopes"),
                        "user": Many(Text()),
                    }
                ),
                "token_management_enabled": Flag(),
            }
        ),
        "settings": _SETTINGS,
    }
)
