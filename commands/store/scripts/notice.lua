-- A notice moves: its record, its audit entry, and that it is to be shown anew.
-- ARGV: prefix, id, version before, record, audit entry, its seal, the seal's key, now   Answers: "ok" | "stale"
local prefix, id = ARGV[1], ARGV[2]
local name = prefix .. "notice:" .. id
local found = redis.call("GET", name)
if not found or cjson.decode(found).version ~= tonumber(ARGV[3]) then return "stale" end
redis.call("SET", name, ARGV[4], "KEEPTTL")
append(prefix, ARGV[5], ARGV[6], ARGV[7])
redis.call("ZREM", prefix .. "due", id)
redis.call("ZADD", prefix .. "outbox:1", ARGV[8], id)
redis.call("PUBLISH", prefix .. "bell:outbox", id)
return "ok"
