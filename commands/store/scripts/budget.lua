-- A token bucket shared by all bots. ARGV: prefix, name, now, tokens a second, most tokens, tokens to leave for others
-- Answers the seconds to wait as a string; "0" means that one was taken.
local key, now, rate, most, spare = ARGV[1] .. "budget:" .. ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local state = redis.call("HMGET", key, "tokens", "at", "blocked")
local tokens, at, blocked = tonumber(state[1] or most), tonumber(state[2] or now), tonumber(state[3] or 0)
if blocked > now then return tostring(blocked - now) end
tokens = math.min(most, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 + spare then tokens = tokens - 1 else wait = (1 + spare - tokens) / rate end
redis.call("HSET", key, "tokens", tostring(tokens), "at", tostring(math.max(at, now)))
redis.call("EXPIRE", key, 3600)
return tostring(wait)
