// Slack's date tokens in the reader's own zone (docs.slack.dev/reference/block-kit/block-elements/date-element).
"use strict";

const worded = (options) => { const form = new Intl.DateTimeFormat("en", options); return (at) => form.format(at); };
const local = (options) => { const form = new Intl.DateTimeFormat([], options); return (at) => form.format(at); };
const month = worded({ month: "long" }), weekday = worded({ weekday: "long" });
const ordinals = new Intl.PluralRules("en", { type: "ordinal" }), endings = { one: "st", two: "nd", few: "rd", other: "th" };
const nth = (at) => `${month(at)} ${at.getDate()}${endings[ordinals.select(at.getDate())]}`;
const padded = (number) => String(number).padStart(2, "0");

const formats = {
  date_num: (at) => `${at.getFullYear()}-${padded(at.getMonth() + 1)}-${padded(at.getDate())}`,
  date_slash: local({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => `${nth(at)}, ${at.getFullYear()}`,
  date_short: worded({ month: "short", day: "numeric", year: "numeric" }),
  date_long: (at) => `${weekday(at)}, ${nth(at)}, ${at.getFullYear()}`,
  date_long_full: worded({ month: "long", day: "numeric", year: "numeric" }),
  day_divider: (at) => at.getFullYear() === new Date().getFullYear() ? `${weekday(at)}, ${nth(at)}` : formats.date_long(at),
  time: local({ timeStyle: "short" }),
  time_secs: local({ timeStyle: "medium" }),
  ago: (at) => ago((at - Date.now()) / 1000),
};

const relative = new Intl.RelativeTimeFormat("en"), units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(seconds) {
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) || units.at(-1);
  return relative.format(Math.trunc(seconds / size), unit);
}

function nearDay(at) {
  const now = new Date(), day = (offset) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).toDateString();
  return { [day(-1)]: "yesterday", [day(0)]: "today", [day(1)]: "tomorrow" }[at.toDateString()];
}

// {date_pretty} and its kin say “today”, with a capital where they begin the text.
function spelled(at, form) {
  return form.replace(/\{(\w+?)(_pretty)?\}/g, (all, name, pretty, place) => {
    const near = pretty && nearDay(at);
    if (near) return place ? near : near[0].toUpperCase() + near.slice(1);
    return name in formats ? formats[name](at) : all;
  });
}

function dress(within) {
  for (const time of within.querySelectorAll("time[data-at]")) {
    const at = new Date(Number(time.dataset.at) * 1000), text = spelled(at, time.dataset.as);
    if (time.textContent !== text) time.textContent = text;
    if (!time.dateTime) { time.dateTime = at.toISOString(); time.title = at.toLocaleString(); }
  }
}
setInterval(() => dress(document), 1000);
