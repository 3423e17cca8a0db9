"""The emoji that people and messages use around rollouts, by Slack's names. Others stay as they are written, as on an old client."""

from __future__ import annotations

_BY_NAME = {
    "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "no_entry": "⛔", "no_entry_sign": "🚫", "warning": "⚠️",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "rocket": "🚀", "eyes": "👀", "lock": "🔒", "unlock": "🔓", "mag": "🔍",
    "arrows_counterclockwise": "🔄", "leftwards_arrow_with_hook": "↩️", "rewind": "⏪", "stopwatch": "⏱️", "bell": "🔔",
    "red_circle": "🔴", "large_green_circle": "🟢", "large_yellow_circle": "🟡", "large_blue_circle": "🔵", "white_circle": "⚪",
    "thumbsup": "👍", "+1": "👍", "thumbsdown": "👎", "-1": "👎", "wave": "👋", "tada": "🎉", "fire": "🔥", "anchor": "⚓",
    "ship": "🚢", "sos": "🆘", "bulb": "💡", "memo": "📝", "package": "📦", "robot_face": "🤖", "skull": "💀", "boom": "💥",
    "construction": "🚧", "gear": "⚙️", "link": "🔗", "snowflake": "❄️", "speech_balloon": "💬", "question": "❓", "exclamation": "❗",
    "heart": "❤️", "blush": "😊", "smile": "😄", "slightly_smiling_face": "🙂", "joy": "😂", "thinking_face": "🤔", "sweat_smile": "😅", "grimacing": "😬",
    "pray": "🙏", "clap": "👏", "raised_hands": "🙌", "ok_hand": "👌", "muscle": "💪", "point_up": "☝️", "point_right": "👉", "raised_hand": "✋",
    "100": "💯", "sparkles": "✨", "star": "⭐", "zap": "⚡", "bug": "🐛", "wrench": "🔧", "hammer": "🔨", "pushpin": "📌", "calendar": "📆",
    "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉", "rotating_light": "🚨", "octagonal_sign": "🛑",
    "arrow_up": "⬆️", "arrow_down": "⬇️", "arrow_right": "➡️", "arrow_left": "⬅️", "key": "🔑", "shield": "🛡️", "broom": "🧹",
    "new": "🆕", "ok": "🆗", "up": "🆙", "black_circle": "⚫", "large_orange_circle": "🟠", "ballot_box_with_check": "☑️",
}  # fmt: skip


def emoji(name: str) -> str | None:
    return _BY_NAME.get(name)
